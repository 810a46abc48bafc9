-- Questions by which the shop checks its answers, each with what the answer has to be.
create table evaluation_cases (
  id uuid primary key,
  question text not null,
  language text not null check (language in ('zh', 'en')),
  -- What was said before it: [{ question, answer }].
  earlier jsonb not null default '[]',
  product_id text,
  expects text not null default 'answer' check (expects in ('answer', 'refusal')),
  -- [{ source, source_id, title }]
  sources jsonb not null default '[]',
  facts text[] not null default '{}',
  -- In a visitor's words as long as nobody has edited it: what is erased there is gone here.
  message_id uuid references messages on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index evaluation_cases_message on evaluation_cases (message_id) where message_id is not null;

create table evaluation_runs (
  id uuid primary key,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'cancelled', 'error')),
  trigger text not null check (trigger in ('person', 'change')),
  -- In whose budget it counts; null where it began by itself.
  started_by uuid,
  -- A digest of what answers rested on when it began.
  basis text not null,
  cases int not null,
  -- What came of all of them: it outlasts the questions.
  asked int not null default 0,
  passed int not null default 0,
  refusals int not null default 0,
  marks_written int not null default 0,
  marks_honest int not null default 0,
  median_ms int,
  cost double precision,
  currency text,
  models text[] not null default '{}',
  error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index evaluation_runs_newest on evaluation_runs (created_at desc);
-- One at a time.
create unique index evaluation_runs_active on evaluation_runs ((true)) where status in ('queued', 'running');

create table evaluation_results (
  run_id uuid not null references evaluation_runs on delete cascade,
  case_id uuid not null references evaluation_cases on delete cascade,
  question text not null,
  problems text[] not null,
  missing text[] not null,
  answer text not null,
  sources jsonb not null,
  is_refusal boolean not null,
  marks_written int not null,
  marks_honest int not null,
  model text,
  duration_ms int not null,
  cost double precision,
  currency text,
  primary key (run_id, case_id)
);
create index evaluation_results_case on evaluation_results (case_id);
