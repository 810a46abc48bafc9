create extension if not exists vector;

-- Everybody: visitors without an account (a row from their first conversation on), users and staff.
create table people (
  id uuid primary key,
  role text not null check (role in ('visitor', 'user', 'agent', 'admin', 'super_admin')),
  username text unique,
  email text unique,
  name text,
  password_hash text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- A sign-in is a session; each use of its refresh token makes the next one. Reuse of an old one ends the session.
create table refresh_tokens (
  hash bytea primary key,
  session_id uuid not null,
  person_id uuid not null references people on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);
create index on refresh_tokens (session_id);
create index on refresh_tokens (person_id);

create table conversations (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  key text,
  fingerprint text,
  title text,
  mode text not null default 'ai' check (mode in ('ai', 'queued', 'human')),
  status text not null default 'open' check (status in ('open', 'closed')),
  language text not null check (language in ('zh', 'en')),
  context jsonb not null default '{}',
  metadata jsonb not null default '{}',
  staff_metadata jsonb not null default '{}',
  provider_id text,
  model text,
  -- law D3: that of the newest row in events
  seq bigint not null default 0,
  -- law O1: rises at each change of owner
  epoch int not null default 0,
  agent_id uuid references people,
  message_count int not null default 0,
  -- the answer being written, the node that holds it alive, and the newest question that waits behind it
  reply_id uuid,
  reply_until timestamptz,
  unanswered_id uuid,
  last_message_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index on conversations (person_id, key) where key is not null;
create index on conversations (person_id, updated_at desc);
create index on conversations (updated_at desc);
create index on conversations (reply_until) where reply_id is not null;

create table messages (
  id uuid primary key,
  conversation_id uuid not null references conversations on delete cascade,
  seq bigint not null,
  role text not null check (role in ('user', 'assistant', 'agent', 'system')),
  content text not null,
  status text not null check (status in ('complete', 'streaming', 'stopped', 'failed')),
  key text,
  author_id uuid,
  author_name text,
  in_reply_to uuid,
  epoch int not null,
  -- page context, provider and model a question was asked with
  asked jsonb,
  attachments jsonb not null default '[]',
  sources jsonb not null default '[]',
  usage jsonb,
  memories_used jsonb not null default '[]',
  degraded boolean not null default false,
  error jsonb,
  feedback smallint check (feedback in (-1, 1)),
  feedback_comment text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (conversation_id, seq)
);

-- The log that readers resume from (law D4), and the record of keys already used (law D2).
create table events (
  conversation_id uuid not null references conversations on delete cascade,
  seq bigint not null,
  event text not null,
  payload jsonb not null,
  sender_id uuid,
  key text,
  fingerprint text,
  primary key (conversation_id, seq)
);
create unique index on events (conversation_id, sender_id, key) where key is not null;

create table reads (
  conversation_id uuid not null references conversations on delete cascade,
  person_id uuid not null,
  seq bigint not null,
  primary key (conversation_id, person_id)
);
