-- Law S4: sealed with AES-256-GCM, each bound to its own row. `npm run rotate-key` seals them anew.
create table secrets (
  name text primary key,
  sealed text not null,
  updated_at timestamptz not null default now()
);

-- Who a site says its customer is: the site's own id.
alter table people add column external_id text unique;

-- A second factor holds once a code of it was entered; a step is used once.
create table second_factors (
  person_id uuid primary key references people on delete cascade,
  sealed_seed text not null,
  confirmed boolean not null default false,
  last_step bigint not null default 0,
  created_at timestamptz not null default now()
);
create table recovery_codes (
  person_id uuid not null references people on delete cascade,
  hash bytea not null,
  primary key (person_id, hash)
);
-- Wrong second factors, by which they are limited.
create table factor_attempts (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  at timestamptz not null default now()
);
create index on factor_attempts (person_id, at);

-- What administrators set, one row an area.
create table settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
