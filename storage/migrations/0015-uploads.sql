-- What people attach. The bytes are here too: every node can give them out, and they go with their row.
create table uploads (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  -- once it is attached
  conversation_id uuid references conversations on delete cascade,
  message_id uuid,
  name text not null,
  mime text not null,
  bytes int not null,
  -- what was read of it
  text text,
  content bytea not null,
  created_at timestamptz not null default now()
);
alter table uploads alter column content set storage external;
create index on uploads (person_id);
create index on uploads (conversation_id);
create index on uploads (created_at) where message_id is null;
