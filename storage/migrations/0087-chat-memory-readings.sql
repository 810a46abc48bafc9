-- Messages that are still to be read for what their writer says of themselves: ids alone, and only until they are read.
create table memory_readings (
  message_id uuid primary key,
  conversation_id uuid not null,
  person_id uuid not null references memory_settings on delete cascade,
  queued_at timestamptz not null default now(),
  -- By a node; another may read it when that has died.
  claimed_at timestamptz
);
create index on memory_readings (queued_at);
create index on memory_readings (conversation_id);

-- Nothing that was said before is read: from when memory was switched on, or something was deleted last.
alter table memory_settings add column read_from timestamptz not null default now();

create or replace function forget_memories() returns trigger language plpgsql as $$
begin
  delete from memories where source_conversation_id = old.id;
  delete from memory_versions where source_conversation_id = old.id;
  delete from memory_uses where conversation_id = old.id;
  delete from memory_readings where conversation_id = old.id;
  return old;
end $$;
