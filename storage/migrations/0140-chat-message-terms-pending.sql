-- What is new is written to the index together: a third of the log and of the time. What waits is at most a megabyte, also where
-- no autovacuum empties it, and a search reads it in a few milliseconds.
alter index message_terms_by_term set (fastupdate = on, gin_pending_list_limit = 1024);
