-- Said by voice, and for how long; and what of an answer was heard before its sound was stopped.
alter table messages
  add column voice jsonb,
  add column heard_text text;
