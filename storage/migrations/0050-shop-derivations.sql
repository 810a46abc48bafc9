-- A version is filled in slices. Until it is whole, and again while it is being removed, it is nobody's: this says until
-- when whoever fills it has shown that they still do.
alter table catalogue_versions add column staged_until timestamptz;
-- Which derivation (see server/retrieval/derivation.ts) made what is derived: an older one is made anew.
alter table catalogue_versions add column derivation int not null default 0;
alter table documents add column derivation int not null default 0;
alter table corpora add column derivation int not null default 0;
-- Of a corpus of products: the version it was made from.
alter table corpora add column catalogue_version int;
