-- What people upload: text and structure as read from the file; passages are cut from it and can be cut anew.
create table documents (
  id uuid primary key,
  name text not null,
  title text not null,
  mime text not null,
  bytes int not null,
  url text,
  language text check (language in ('zh', 'en')),
  -- SHA-256 of the file, and where it lies in the folder it was imported from, if from one
  hash text not null,
  path text unique,
  -- [{ heading: string[], text: string }]
  sections jsonb not null,
  chunks int not null default 0,
  demo boolean not null default false,
  status text not null check (status in ('building', 'ready', 'error')),
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on documents (created_at desc, id desc);
create index on documents (hash);

-- One body of passages that a search ranks, with the figures BM25 needs of it. One of each source is active; a new
-- catalogue is built beside it and takes its place at once. Writers lock the row, so the figures add up.
create table corpora (
  id int primary key generated always as identity,
  source text not null check (source in ('document', 'product')),
  active boolean not null default false,
  passages int not null default 0,
  length double precision not null default 0,
  -- the mean length that the weights were computed with
  average real,
  created_at timestamptz not null default now()
);
create unique index on corpora (source) where active;
insert into corpora (source, active) values ('document', true), ('product', true);

create table passages (
  id uuid primary key,
  corpus_id int not null references corpora on delete cascade,
  source_id text not null,
  ordinal int not null,
  title text not null,
  url text,
  text text not null,
  language text,
  updated_at timestamptz not null,
  unique (corpus_id, source_id, ordinal)
);

-- Terms are hashed to 1..10^9. `weights` is the document side of BM25; a query's inner product with it is the score.
create table passage_terms (
  passage_id uuid primary key references passages on delete cascade,
  corpus_id int not null,
  length real not null,
  terms int[] not null,
  frequencies real[] not null,
  weights sparsevec(1000000000) not null
) with (toast_tuple_target = 8160);
-- Rows stay in one piece: a ranking reads thousands of them.
alter table passage_terms alter column weights set storage main;
alter table passage_terms alter column terms set storage main;
alter table passage_terms alter column frequencies set storage main;
-- No pending list: the embedded database has no autovacuum that would empty it.
create index passage_terms_by_term on passage_terms using gin (terms) with (fastupdate = off);

create table term_statistics (
  corpus_id int not null references corpora on delete cascade,
  term int not null,
  passages int not null,
  primary key (corpus_id, term)
) with (fillfactor = 70);

-- `embedding` has no fixed size: an index for the model's size is made when the model is known.
create table passage_vectors (
  passage_id uuid primary key references passages on delete cascade,
  source text not null,
  model text not null,
  dimensions int not null,
  embedding vector not null
);

-- Work that outlives the process: who takes a job holds it while the lease runs, by the database's clock.
create table jobs (
  id uuid primary key,
  kind text not null,
  subject text,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'error')),
  progress real not null default 0,
  error text,
  -- rises each time it is taken, and fences whoever held it before
  attempt int not null default 0,
  run_after timestamptz not null default now(),
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on jobs (created_at) where status in ('queued', 'running');
create index on jobs (updated_at desc);
