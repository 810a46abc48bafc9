-- A mail with a conversation in it goes with the conversation.
alter table outbox add column conversation_id uuid references conversations on delete cascade;
create index on outbox (conversation_id) where conversation_id is not null;
