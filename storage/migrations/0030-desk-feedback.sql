-- What visitors say of talks and answers is listed newest first; few have said anything.
create index messages_feedback on messages (updated_at) where feedback is not null;
create index handoffs_rated on handoffs (ended_at) where rating is not null;
