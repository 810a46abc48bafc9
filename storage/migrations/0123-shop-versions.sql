-- What a document was before it was replaced, the newest twenty of each.
alter table documents add column version int not null default 1;
create table document_versions (
  document_id uuid not null references documents on delete cascade,
  version int not null,
  name text not null,
  mime text not null,
  bytes int not null,
  language text,
  hash text not null,
  sections jsonb not null,
  -- When it was put in place.
  created_at timestamptz not null,
  primary key (document_id, version)
);
