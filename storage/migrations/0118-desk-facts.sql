-- What figures count of a conversation and of a request for a person, so that a report reads no message. Made anew from the log of events
-- after each change; what was there before is read backwards from `before` on until nothing is left.
create table conversation_facts (
  conversation_id uuid primary key,
  created_at timestamptz not null,
  handed_over boolean not null,
  resolved_by_ai boolean not null
);

-- How many of them began in each quarter of an hour: days of every time zone are made of those.
create table conversation_counts (
  began timestamptz primary key,
  conversations int not null,
  handed_over int not null,
  resolved_by_ai int not null
);
create function count_facts() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    update conversation_counts set conversations = conversations - 1, handed_over = handed_over - old.handed_over::int,
      resolved_by_ai = resolved_by_ai - old.resolved_by_ai::int
    where began = date_bin('15 minutes', old.created_at, timestamptz '2000-01-01 00:00:00+00');
  end if;
  if tg_op = 'DELETE' then return old; end if;
  insert into conversation_counts as c (began, conversations, handed_over, resolved_by_ai)
  values (date_bin('15 minutes', new.created_at, timestamptz '2000-01-01 00:00:00+00'), 1, new.handed_over::int, new.resolved_by_ai::int)
  on conflict (began) do update set conversations = c.conversations + 1, handed_over = c.handed_over + excluded.handed_over,
    resolved_by_ai = c.resolved_by_ai + excluded.resolved_by_ai;
  return new;
end $$;
create trigger count_facts after insert or update or delete on conversation_facts for each row execute function count_facts();

create table handoff_facts (
  handoff_id uuid primary key,
  first_response_at timestamptz
);

create table desk_facts_backfill (before uuid not null);
insert into desk_facts_backfill values ('ffffffff-ffff-ffff-ffff-ffffffffffff');

-- Of a deleted conversation the first response is in the handoff from then on (`forget_conversation`).
create function forget_facts() returns trigger language plpgsql as $$
begin
  delete from conversation_facts where conversation_id = old.id;
  delete from handoff_facts f using handoffs h where h.conversation_id = old.id and f.handoff_id = h.id;
  return old;
end $$;
create trigger forget_facts before delete on conversations for each row execute function forget_facts();
