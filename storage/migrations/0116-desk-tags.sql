-- Conversations are found by their tags. No pending list: the embedded database has no autovacuum that would empty it.
create index handoffs_tagged on handoffs using gin (tags jsonb_path_ops) with (fastupdate = off);
