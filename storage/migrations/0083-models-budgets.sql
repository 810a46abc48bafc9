-- What may be spent on models in a day or a month.
create table budgets (
  id uuid primary key,
  scope text not null check (scope in ('overall', 'provider', 'role', 'person')),
  -- Of the one that the scope names. A person's without a person is the quota of each who is signed in.
  provider_id text,
  role text,
  person_id uuid references people on delete cascade,
  period text not null check (period in ('day', 'month')),
  -- Of money; null counts tokens.
  currency text,
  amount numeric(24, 12) not null check (amount >= 0),
  -- What answers then: the built-in answerer, or nobody.
  at_limit text not null check (at_limit in ('builtin', 'refuse')),
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on budgets (person_id) where person_id is not null;

-- How far a budget is in one of its periods; of a quota, how far each person is.
create table budget_spending (
  id bigint generated always as identity primary key,
  budget_id uuid not null references budgets on delete cascade,
  -- Its first day.
  period date not null,
  person_id uuid references people on delete cascade,
  subject uuid not null generated always as (coalesce(person_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
  spent numeric(24, 12) not null default 0,
  -- The sum of the reservations below.
  reserved numeric(24, 12) not null default 0,
  -- When a call first found no room in it.
  reached_at timestamptz,
  unique (budget_id, period, subject)
);
create index on budget_spending (person_id) where person_id is not null;

-- What calls may cost at most that have not ended. One whose node died is settled by another.
create table budget_reservations (
  call_id uuid not null,
  spending_id bigint not null references budget_spending on delete cascade,
  amount numeric(24, 12) not null,
  node_id uuid not null,
  -- The answer that it is for; null where nothing is stored of one.
  message_id uuid,
  provider_id text not null,
  model text not null,
  prompt_tokens bigint not null,
  reserved_at timestamptz not null default now(),
  primary key (call_id, spending_id)
);
create index on budget_reservations (spending_id);
