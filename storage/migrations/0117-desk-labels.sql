-- The tags that are offered, with their colours, and what agents do again and again in one.
create table labels (
  id uuid primary key,
  name text not null,
  color text not null,
  created_at timestamptz not null default now()
);
create unique index labels_name on labels (lower(name));

create table macros (
  id uuid primary key,
  name text not null,
  content text,
  -- `complete`, `snooze`, or where the conversation goes; null: it stays.
  outcome text,
  updated_at timestamptz not null default now()
);
create unique index macros_name on macros (lower(name));

create table macro_labels (
  macro_id uuid not null references macros (id) on delete cascade,
  label_id uuid not null references labels (id) on delete cascade,
  primary key (macro_id, label_id)
);
create index macro_labels_label on macro_labels (label_id);
