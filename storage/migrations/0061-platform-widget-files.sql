-- The widget's second file of each build: pages that were loaded before a deploy, or from another node, ask for theirs.
create table widget_files (
  name text primary key,
  content bytea not null,
  served_at timestamptz not null default now()
);
