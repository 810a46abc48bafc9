create table providers (
  id uuid primary key,
  name text not null,
  provider_type text not null check (provider_type in ('openai', 'azure', 'anthropic', 'ollama', 'custom')),
  scope text not null check (scope in ('personal', 'organization')),
  created_by uuid not null,
  api_base_url text not null,
  -- Sealed for this row.
  api_key text,
  config jsonb not null default '{}',
  is_active boolean not null default true,
  -- Its place among those that answer for the shop, the least first; null where it only answers who chose it.
  priority int,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- What was used keeps its name in the figures.
  deleted_at timestamptz
);
create index on providers (created_by) where deleted_at is null;

-- An organization's provider in the hands of single people.
create table provider_distributions (
  id uuid primary key,
  provider_id uuid not null references providers on delete cascade,
  user_id uuid not null references people on delete cascade,
  distributed_by uuid not null,
  distributed_at timestamptz not null default now(),
  unique (provider_id, user_id)
);
create index on provider_distributions (user_id);
