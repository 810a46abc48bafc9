-- What people let the assistant remember of them, from one conversation to the next: theirs alone to see.
create table memory_settings (
  person_id uuid primary key references people on delete cascade,
  enabled boolean not null default false,
  -- How many memories an answer is given at most.
  top_k int not null default 5,
  updated_at timestamptz not null default now()
);

create table memories (
  id uuid primary key,
  person_id uuid not null references memory_settings on delete cascade,
  -- What it is about: another fact about the same takes its place. Of one that is about nothing known, the fact itself.
  subject text not null,
  content text not null,
  source text not null check (source in ('chat', 'manual')),
  source_conversation_id uuid,
  source_message_id uuid,
  key text,
  fingerprint text,
  use_count int not null default 0,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (person_id, subject)
);
create unique index on memories (person_id, key) where key is not null;
create index on memories (person_id, updated_at desc, id);
create index on memories (source_conversation_id) where source_conversation_id is not null;

-- The facts that it held before, each until another took its place.
create table memory_versions (
  memory_id uuid not null references memories on delete cascade,
  content text not null,
  source text not null,
  source_conversation_id uuid,
  source_message_id uuid,
  valid_from timestamptz not null,
  valid_until timestamptz not null
);
create index on memory_versions (memory_id, valid_until);
create index on memory_versions (source_conversation_id) where source_conversation_id is not null;

-- By which words it is found.
create table memory_terms (
  person_id uuid not null,
  term int not null,
  memory_id uuid not null references memories on delete cascade,
  primary key (person_id, term, memory_id)
);
create index on memory_terms (memory_id);

-- The answers that were given it.
create table memory_uses (
  memory_id uuid not null references memories on delete cascade,
  message_id uuid not null,
  conversation_id uuid not null,
  used_at timestamptz not null,
  primary key (memory_id, message_id)
);
create index on memory_uses (conversation_id);

alter table memories alter subject set statistics 0, alter content set statistics 0;
alter table memory_versions alter content set statistics 0;

-- With a conversation goes what was taken from it, and where in it memories were used. A fact that has taken the place of
-- one from there stays.
create function forget_memories() returns trigger language plpgsql as $$
begin
  delete from memories where source_conversation_id = old.id;
  delete from memory_versions where source_conversation_id = old.id;
  delete from memory_uses where conversation_id = old.id;
  return old;
end $$;
create trigger forget_memories before delete on conversations for each row execute function forget_memories();
