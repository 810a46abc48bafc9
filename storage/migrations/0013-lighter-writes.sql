-- A conversation's row changes at each message. With fillfactor, and no index on what changes then, the new row stands in the
-- same page and no index is written (HOT). Lists are found by the ten minutes of the last change, and sorted within.
alter table conversations add column changed_about timestamptz
  generated always as (date_bin('10 minutes', updated_at, timestamptz '2000-01-01 00:00:00+00')) stored;
alter table conversations set (fillfactor = 60);
drop index conversations_person_id_updated_at_idx;
drop index conversations_updated_at_idx;
drop index conversations_reply_until_idx;
create index on conversations (person_id);
create index on conversations (changed_about desc);
-- Few answers are being written at a time: their leases are read through.
create index on conversations (id) where reply_id is not null;

-- Messages and events are only ever written together with their conversation's row, which is locked then. A foreign key
-- would look it up again for each of them; what it did at a deletion is done by one trigger.
alter table messages drop constraint messages_conversation_id_fkey;
alter table events drop constraint events_conversation_id_fkey;
create function forget_conversation() returns trigger language plpgsql as $$
begin
  delete from messages where conversation_id = old.id;
  delete from events where conversation_id = old.id;
  return old;
end $$;
create trigger forget_conversation before delete on conversations for each row execute function forget_conversation();

-- An event is written once and read whole: its text as it came.
alter table events alter column payload type json;
