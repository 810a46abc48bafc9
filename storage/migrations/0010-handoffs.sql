-- People who answer, from their first connection to the desk on.
create table agents (
  person_id uuid primary key references people on delete cascade,
  -- what they said, and whether they are connected to any node
  chosen text not null default 'online' check (chosen in ('online', 'away', 'offline')),
  connected boolean not null default false,
  -- null: the default of the settings
  capacity int check (capacity >= 0),
  avatar_url text,
  assigned_at timestamptz,
  changed_in xid8 not null default pg_current_xact_id()
);
create index on agents (changed_in);

-- Which node has an agent's sockets; without a sign of life the agent is gone.
create table agent_leases (
  person_id uuid not null references agents on delete cascade,
  node_id uuid not null,
  until timestamptz not null,
  primary key (person_id, node_id)
);

-- Law O3: the truth about who waits and who is served. A deleted conversation leaves its figures, without any words.
create table handoffs (
  id uuid primary key,
  conversation_id uuid references conversations on delete set null,
  status text not null check (status in ('pending', 'active', 'resolved', 'cancelled', 'timeout')),
  cause text not null check (cause in ('request', 'question')),
  reason text,
  summary text,
  priority smallint not null check (priority between 0 and 3),
  team_id uuid,
  agent_id uuid references people on delete set null,
  tags jsonb not null default '[]',
  note text,
  rating smallint check (rating between 1 and 5),
  rating_comment text,
  created_at timestamptz not null,
  queued_at timestamptz not null,
  accepted_at timestamptz,
  ended_at timestamptz,
  -- when the next thing happens by itself, and what was warned of already
  due_at timestamptz,
  warned jsonb not null default '[]',
  -- readers of changes ask for everything since a transaction: no clock, no gap
  changed_in xid8 not null default pg_current_xact_id()
);
create unique index on handoffs (conversation_id) where status in ('pending', 'active');
create index on handoffs (conversation_id, created_at desc);
create index on handoffs (changed_in);
create index on handoffs (due_at) where status in ('pending', 'active');
create index on handoffs (priority desc, created_at, id) where status = 'pending';
create index on handoffs (agent_id) where status = 'active';
create index on handoffs (ended_at desc) where ended_at is not null;

create function mark_changed() returns trigger language plpgsql as $$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end $$;
create trigger mark_changed before insert or update on agents for each row execute function mark_changed();
create trigger mark_changed before insert or update on handoffs for each row execute function mark_changed();

create function forget_handoff() returns trigger language plpgsql as $$
begin
  new.reason := null;
  new.summary := null;
  new.note := null;
  new.rating_comment := null;
  if new.status in ('pending', 'active') then
    new.status := case new.status when 'pending' then 'cancelled' else 'resolved' end;
    new.ended_at := now();
    new.due_at := null;
  end if;
  return new;
end $$;
create trigger forget_handoff before update of conversation_id on handoffs
  for each row when (new.conversation_id is null) execute function forget_handoff();

create table notes (
  id uuid primary key,
  conversation_id uuid not null references conversations on delete cascade,
  author_id uuid not null,
  author_name text,
  key text not null,
  content text not null,
  created_at timestamptz not null default now(),
  unique (conversation_id, author_id, key)
);
create index on notes (conversation_id, created_at);

-- One node at a time does what is due.
create table duties (
  name text primary key,
  holder uuid not null,
  until timestamptz not null
);
