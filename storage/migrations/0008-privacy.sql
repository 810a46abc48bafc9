-- Who agreed to which wording, and when. Visitors have no row in people before their first conversation.
create table consents (
  person_id uuid not null,
  version text not null,
  at timestamptz not null default now(),
  primary key (person_id, version)
);
