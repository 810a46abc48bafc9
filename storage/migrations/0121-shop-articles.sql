-- Answers that people of the shop write to questions, each in several ways of asking.
create table articles (
  id uuid primary key,
  questions text[] not null,
  answer text not null,
  language text not null check (language in ('zh', 'en')),
  valid_from timestamptz,
  valid_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Questions that ask the same and were not answered well.
create table question_groups (
  id uuid primary key,
  language text not null check (language in ('zh', 'en')),
  dismissed boolean not null default false,
  article_id uuid references articles on delete set null,
  created_at timestamptz not null default now()
);
create index question_groups_article on question_groups (article_id) where article_id is not null;

-- Which ones, and why. Their words stay in the conversation alone: what is erased there is gone here.
create table question_signals (
  message_id uuid not null references messages on delete cascade,
  kind text not null check (kind in ('unanswered', 'disliked', 'person')),
  group_id uuid not null references question_groups on delete cascade,
  -- What it is found by when the same is asked: digests of its terms.
  terms int[] not null,
  at timestamptz not null,
  primary key (message_id, kind)
);
create index question_signals_group on question_signals (group_id);
create index question_signals_at on question_signals (at);
create index question_signals_terms on question_signals using gin (terms);
