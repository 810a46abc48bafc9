-- Pictures that staff show beside what they write. The address of one is in `agents.avatar_url`, and another one is at another address.
create table pictures (
  id uuid primary key,
  person_id uuid not null unique references people on delete cascade,
  mime text not null,
  content bytea not null,
  created_at timestamptz not null default now()
);
