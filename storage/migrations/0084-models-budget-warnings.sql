-- Of whoever made it: administrators are written to in it.
alter table budgets add column language text;

-- Whose period administrators were warned of, once for each.
create table budget_warnings (
  budget_id uuid not null references budgets on delete cascade,
  period date not null,
  warned_at timestamptz not null default now(),
  primary key (budget_id, period)
);
