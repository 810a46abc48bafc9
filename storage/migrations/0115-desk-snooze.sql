-- A conversation that somebody has may rest: until a time, or until its visitor writes.
alter table conversations
  add column snoozed_at timestamptz,
  add column snoozed_until timestamptz;
create index conversations_snoozed on conversations (changed_about desc, id desc) where snoozed_at is not null;
create index conversations_snoozed_until on conversations (snoozed_until) where snoozed_until is not null;
