-- Mail on its way, or kept here where no SMTP server is configured. `body` is sealed: it may carry a code.
create table outbox (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  body text,
  -- opens a staff account: shown to super_admins only
  staff boolean not null,
  status text not null check (status in ('queued', 'sent', 'failed', 'kept')),
  attempts int not null default 0,
  -- while it is queued; whoever sends it moves it forward first, so that nobody else does
  run_after timestamptz not null default now(),
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on outbox (run_after) where status = 'queued';

-- Codes that were sent. An address stands here as a keyed hash, a code as one over everything it is bound to.
create table email_codes (
  id uuid primary key,
  purpose text not null check (purpose in ('sign_in', 'reset', 'invite')),
  email_hash bytea not null,
  -- who asked for it and alone can use it; null: nobody with a token, or anybody who has the code
  asker_id uuid,
  code_hash bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);
create index on email_codes (email_hash, purpose, created_at desc);

-- What the limits count: mails sent, and codes tried in vain.
create table code_attempts (
  id uuid primary key,
  kind text not null check (kind in ('send', 'wrong')),
  email_hash bytea not null,
  asker_id uuid,
  network text not null,
  at timestamptz not null default now()
);
create index on code_attempts (kind, at);
