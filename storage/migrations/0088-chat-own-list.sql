-- How people keep their own conversations in order: theirs alone to see.
alter table conversations
  add column pinned_at timestamptz,
  add column archived_at timestamptz,
  add column tags jsonb not null default '[]',
  -- Its first question gives it a title.
  add column auto_title boolean not null default false;
