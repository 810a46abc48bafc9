-- Each view of the desk is read in the order of the ten minutes of the last change, newest first, from where the page before
-- ended. Nothing in these indexes changes with a message but those ten minutes: a conversation's row is still rewritten in place.
create index conversations_changed on conversations (changed_about desc, id desc);
drop index conversations_changed_about_idx;
create index conversations_with_ai on conversations (changed_about desc, id desc) where mode = 'ai' and status = 'open';
create index conversations_ended on conversations (changed_about desc, id desc)
  where mode = 'ai' and (epoch > 0 or status = 'closed');
create index conversations_with_agent on conversations (agent_id) where mode = 'human';
