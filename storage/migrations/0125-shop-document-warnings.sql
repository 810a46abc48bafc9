-- Of which last day of a document administrators were warned, once for each.
create table document_warnings (
  document_id uuid not null references documents on delete cascade,
  valid_until date not null,
  warned_at timestamptz not null default now(),
  primary key (document_id, valid_until)
);
