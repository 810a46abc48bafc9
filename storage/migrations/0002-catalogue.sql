-- Each import is a version; one is active. The shop's own ids are unique within it.
create table catalogue_versions (
  version int primary key generated always as identity,
  count int not null,
  demo boolean not null default false,
  active boolean not null default false,
  -- of what was imported, so that the same file makes no second version
  hash text not null,
  -- columns, units and values: what questions are understood by
  profile jsonb not null,
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
  -- the numbers in specs by column and kind, in base units: {"weight_kg|mass": [1370]}
  numbers jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (version, id)
);
create index on products (version, position);
create index on products (version, lower(name));
create index on products (version, url);
