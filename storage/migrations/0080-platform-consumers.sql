-- The order in which consumers read the log of all conversations: whole transactions, once all before them have ended.
-- Events from before there were consumers have none, and are not read.
alter table events add column tx xid8;
alter table events alter column tx set default pg_current_xact_id();
create index events_tx on events (tx) where tx is not null;

create table consumers (
  name text primary key,
  -- The last transaction whose events it has dealt with.
  read_to xid8 not null,
  updated_at timestamptz not null default now()
);
