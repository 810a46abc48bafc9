-- A note may be for the assistant: what it is told there in private shapes its next answers in the conversation.
alter table notes add column kind text not null default 'note' check (kind in ('note', 'guide'));
create index notes_for_assistant on notes (conversation_id, created_at) where kind = 'guide';
