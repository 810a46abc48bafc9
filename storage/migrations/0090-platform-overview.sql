-- What began in a period, and what was answered without a source in one, is read without the rest.
create index conversations_created on conversations (created_at);
create index handoffs_created on handoffs (created_at);
create index messages_unsourced on messages (created_at)
  where role = 'assistant' and status = 'complete' and sources = '[]';
