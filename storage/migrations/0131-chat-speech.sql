-- Texts that were made into sound for who has no socket: theirs for a few minutes, on every node.
create table speech_sounds (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  mime text not null,
  content bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
alter table speech_sounds alter column content set storage external;
create index on speech_sounds (person_id);
create index on speech_sounds (expires_at);
