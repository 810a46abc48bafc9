-- What models wrote to first questions, by a digest of all that they were asked with: another source is another key.
create table answer_cache (
  key text primary key,
  content text not null,
  created_at timestamptz not null default now()
);
create index answer_cache_created_at on answer_cache (created_at);
