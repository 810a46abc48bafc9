-- A node that stops gave the answer away unfinished: another may write it. Counts while it equals reply_until.
alter table conversations add column reply_released_at timestamptz;
