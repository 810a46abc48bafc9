-- What was said may be corrected, and says when; or removed, by who said it or by an administrator: nothing of its words is left then.
alter table messages
  add column edited_at timestamptz,
  add column removed text check (removed in ('retracted', 'redacted'));

-- What was taken back was no answer.
create or replace function forget_conversation() returns trigger language plpgsql as $$
begin
  update handoffs h set first_response_at = (
    select min(m.created_at) from messages m
    where m.conversation_id = old.id and m.role = 'agent' and m.created_at >= h.created_at
      and m.removed is distinct from 'retracted' and (h.ended_at is null or m.created_at <= h.ended_at))
  where h.conversation_id = old.id;
  delete from messages where conversation_id = old.id;
  delete from events where conversation_id = old.id;
  update usage set message_id = null, conversation_id = null, person_id = null where conversation_id = old.id;
  return old;
end $$;
