-- What somebody should see although they were not looking.
create table notifications (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  kind text not null check (kind in ('mention')),
  conversation_id uuid references conversations on delete cascade,
  note_id uuid references notes on delete cascade,
  read_at timestamptz,
  created_at timestamptz not null default now()
);
create index on notifications (person_id, id desc);
create index on notifications (person_id) where read_at is null;
create index on notifications (conversation_id);
create index on notifications (note_id);
