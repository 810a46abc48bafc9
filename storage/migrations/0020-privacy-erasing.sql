-- Words of staff about a talk go with it, tags too.
create or replace function forget_handoff() returns trigger language plpgsql as $$
begin
  new.reason := null;
  new.summary := null;
  new.tags := '[]';
  new.note := null;
  new.rating_comment := null;
  if new.status in ('pending', 'active') then
    new.status := case new.status when 'pending' then 'cancelled' else 'resolved' end;
    new.ended_at := now();
    new.due_at := null;
  end if;
  return new;
end $$;
update handoffs set tags = '[]' where conversation_id is null and tags <> '[]';

-- Whom a mail concerns, whatever address it went to: it goes when they are erased.
alter table outbox add column person_id uuid;
create index on outbox (person_id) where person_id is not null;

-- Codes stand in the sealed text alone.
update outbox set subject = 'Your code' where subject ~ '^\d{6} is your code$';
update outbox set subject = '您的验证码' where subject ~ '^您的验证码.\d{6}$';

-- Rows are never edited. Retention takes them away, after their time; erasing somebody empties what they say of that person.
create or replace function audit_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('parley.retention', true) = 'on' then
    return old;
  end if;
  if tg_op = 'UPDATE' and current_setting('parley.erasing', true) = 'on'
    and to_jsonb(new) - '{before,after,address}'::text[] = to_jsonb(old) - '{before,after,address}'::text[]
    and (new.before is null or new.before = old.before) and (new.after is null or new.after = old.after)
    and (new.address is null or new.address = old.address) then
    return new;
  end if;
  raise exception 'The audit log cannot be edited.';
end $$;

-- The planner's samples would keep what people wrote.
alter table people alter username set statistics 0, alter email set statistics 0, alter name set statistics 0,
  alter external_id set statistics 0, alter disabled_reason set statistics 0;
alter table conversations alter title set statistics 0, alter context set statistics 0, alter metadata set statistics 0,
  alter staff_metadata set statistics 0;
alter table messages alter content set statistics 0, alter author_name set statistics 0, alter asked set statistics 0,
  alter attachments set statistics 0, alter sources set statistics 0, alter feedback_comment set statistics 0;
alter table events alter payload set statistics 0;
alter table handoffs alter reason set statistics 0, alter summary set statistics 0, alter tags set statistics 0,
  alter note set statistics 0, alter rating_comment set statistics 0;
alter table handoff_contacts alter email set statistics 0, alter phone set statistics 0, alter message set statistics 0;
alter table notes alter author_name set statistics 0, alter content set statistics 0;
alter table uploads alter name set statistics 0, alter text set statistics 0, alter content set statistics 0;
alter table outbox alter recipient set statistics 0, alter subject set statistics 0, alter body set statistics 0;
alter table audit alter address set statistics 0, alter before set statistics 0, alter after set statistics 0;
alter index people_lower_idx alter column 1 set statistics 0;
alter index people_lower_idx1 alter column 1 set statistics 0;

-- Names as they are stored from now on: no signs that nobody sees or that turn the direction.
update people set name = regexp_replace(name, E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]', '', 'g')
  where name ~ E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]';
update uploads set name = regexp_replace(name, E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]', '', 'g')
  where name ~ E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]';
update messages set attachments = regexp_replace(attachments::text, E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]', '', 'g')::jsonb
  where attachments <> '[]' and attachments::text ~ E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]';
update conversations set title = regexp_replace(title, E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]', '', 'g')
  where title ~ E'[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]';
