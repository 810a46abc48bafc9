-- How the desk is run, as the administrator set it; what is not in it is the default.
create table handoff_settings (
  one boolean primary key default true check (one),
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table teams (
  id uuid primary key,
  name text not null unique
);
create table team_members (
  team_id uuid not null references teams on delete cascade,
  person_id uuid not null references people on delete cascade,
  primary key (team_id, person_id)
);

-- Ready-made answers; `{{visitor.name}}` and the like are filled in when they are listed for a conversation.
create table canned_replies (
  id uuid primary key,
  shortcut text not null unique,
  language text check (language in ('zh', 'en')),
  content text not null,
  updated_at timestamptz not null default now()
);

-- An address left because nobody was there.
create table handoff_contacts (
  id uuid primary key,
  conversation_id uuid not null unique references conversations on delete cascade,
  email text,
  phone text,
  message text,
  done boolean not null default false,
  created_at timestamptz not null default now()
);
create index on handoff_contacts (created_at desc);

-- What a reader may do about a message: 'handoff' offers a person.
alter table messages add column action text check (action in ('handoff'));
