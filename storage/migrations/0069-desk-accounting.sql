-- Figures of the past stay as they were: neither a transfer nor another wait changes when somebody first took over, and
-- without its messages a talk still tells when its first word came.
alter table handoffs
  add column first_accepted_at timestamptz,
  add column first_response_at timestamptz;
update handoffs set first_accepted_at = accepted_at where accepted_at is not null;

create or replace function forget_conversation() returns trigger language plpgsql as $$
begin
  update handoffs h set first_response_at = (
    select min(m.created_at) from messages m
    where m.conversation_id = old.id and m.role = 'agent' and m.created_at >= h.created_at
      and (h.ended_at is null or m.created_at <= h.ended_at))
  where h.conversation_id = old.id;
  delete from messages where conversation_id = old.id;
  delete from events where conversation_id = old.id;
  return old;
end $$;
