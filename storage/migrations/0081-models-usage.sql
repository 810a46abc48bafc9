-- What each call of a model cost. A deleted conversation takes its ids along, the amounts stay.
create table usage (
  id bigint generated always as identity primary key,
  message_id uuid unique,
  conversation_id uuid,
  person_id uuid,
  at timestamptz not null,
  provider_id text not null,
  model text not null,
  prompt_tokens bigint not null,
  cached_tokens bigint not null,
  completion_tokens bigint not null,
  -- Null where the model has no price.
  cost numeric(20, 12),
  currency text
);
create index on usage (person_id, at) where person_id is not null;
create index on usage (conversation_id) where conversation_id is not null;

-- The same by quarters of an hour, the least by which time zones differ: what a period cost is read from here.
create table usage_totals (
  slot timestamptz not null,
  provider_id text not null,
  model text not null,
  -- '' for what has no price.
  currency text not null,
  requests bigint not null,
  prompt_tokens bigint not null,
  cached_tokens bigint not null,
  completion_tokens bigint not null,
  cost numeric(24, 12) not null,
  primary key (slot, provider_id, model, currency)
);

create or replace function forget_conversation() returns trigger language plpgsql as $$
begin
  update handoffs h set first_response_at = (
    select min(m.created_at) from messages m
    where m.conversation_id = old.id and m.role = 'agent' and m.created_at >= h.created_at
      and (h.ended_at is null or m.created_at <= h.ended_at))
  where h.conversation_id = old.id;
  delete from messages where conversation_id = old.id;
  delete from events where conversation_id = old.id;
  update usage set message_id = null, conversation_id = null, person_id = null where conversation_id = old.id;
  return old;
end $$;

-- What an owner says a model costs, for as long as it holds: a price is never changed, only ended.
create table prices (
  id uuid primary key,
  model text not null,
  currency text not null,
  -- Per million tokens.
  input numeric(14, 6) not null check (input >= 0),
  cached_input numeric(14, 6) check (cached_input >= 0),
  output numeric(14, 6) not null check (output >= 0),
  valid_from timestamptz not null default now(),
  valid_until timestamptz,
  created_by uuid
);
create unique index on prices (model) where valid_until is null;
