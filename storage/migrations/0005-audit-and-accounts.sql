-- Law S5: who did what, from where, and what was before and after. E-mail addresses and names stand here masked: the
-- log outlives the people in it.
create table audit (
  -- UUIDv7: the order of the log
  id uuid primary key,
  at timestamptz not null default now(),
  scope text not null,
  action text not null,
  -- null: the server itself, or nobody who is known
  actor_id uuid,
  actor_role text not null,
  address text,
  request_id text,
  subject text,
  before jsonb,
  after jsonb
);
create index on audit (at);
create index on audit (scope, id desc);
create index on audit (actor_id, id desc);
create index on audit (subject, id desc);

-- Rows are never edited. Only retention takes them away, after their time, and says so.
create function audit_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('parley.retention', true) = 'on' then
    return old;
  end if;
  raise exception 'The audit log cannot be edited.';
end $$;
create trigger audit_rows_stay before update or delete on audit for each row execute function audit_stays();
create trigger audit_stays before truncate on audit for each statement execute function audit_stays();

alter table people
  -- an access token of an older version holds no more: the role, the password or the state has changed since
  add column token_version int not null default 0,
  add column disabled_reason text,
  add column last_sign_in_at timestamptz,
  -- that the address is theirs: a code that was sent there came back, or an administrator entered it
  add column email_verified boolean not null default false;
alter table people drop constraint people_username_key, drop constraint people_email_key;
create unique index on people (lower(username));
create unique index on people (lower(email));
create index on people (role, created_at desc, id desc) where role <> 'visitor';

-- When the sign-in was: renewing does not reach beyond the absolute limit.
alter table refresh_tokens add column signed_in_at timestamptz not null default now();

-- What ended before its tokens ran out; every node reads it several times a second. One of the two is null.
create table revocations (
  id uuid primary key,
  session_id uuid,
  person_id uuid,
  -- the least token version of the person that still holds
  least_version int,
  at timestamptz not null default now()
);
create index on revocations (at);
