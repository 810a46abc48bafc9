-- Each import is a version; one is active. The shop's own ids are unique within it.
create table catalogue_versions (
  version int primary key generated always as identity,
  count int not null,
  demo boolean not null default false,
  active boolean not null default false,
  created_by text,
  created_at timestamptz not null default now()
);
create unique index on catalogue_versions (active) where active;

create table products (
  version int not null references catalogue_versions on delete cascade,
  id text not null,
  position int not null,
  name text not null,
  category text,
  url text,
  short_description text not null,
  price double precision,
  currency text,
  specs jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (version, id)
);
