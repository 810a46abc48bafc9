-- Somebody of the staff may take over what the AI answers, without having been asked.
alter table handoffs drop constraint handoffs_cause_check;
alter table handoffs add constraint handoffs_cause_check check (cause in ('request', 'question', 'takeover'));

-- Who sees a conversation is decided from its row alone: the team it was asked of last, and who had it last.
alter table conversations
  add column team_id uuid,
  add column served_by uuid;
update conversations c set team_id = h.team_id, served_by = h.agent_id from (
  select distinct on (conversation_id) conversation_id, team_id, agent_id from handoffs
  where conversation_id is not null order by conversation_id, created_at desc, id desc) h
where c.id = h.conversation_id;
