-- By which words a message is found: hashed, so that no word outlives its message in an index. Written from the log of events,
-- never on the way of a message; what was said before is read backwards from `before` on until nothing is left.
create table message_terms (
  message_id uuid primary key,
  conversation_id uuid not null,
  terms int[] not null
);
create index on message_terms (conversation_id);
-- No pending list: the embedded database has no autovacuum that would empty it.
create index message_terms_by_term on message_terms using gin (terms) with (fastupdate = off);

create table message_terms_backfill (before uuid not null);
insert into message_terms_backfill values ('ffffffff-ffff-ffff-ffff-ffffffffffff');

create function forget_message_terms() returns trigger language plpgsql as $$
begin
  delete from message_terms where conversation_id = old.id;
  return old;
end $$;
create trigger forget_message_terms before delete on conversations
  for each row execute function forget_message_terms();

create index conversations_served on conversations (served_by) where served_by is not null;
create index people_named on people (lower(name) text_pattern_ops) where name is not null;
