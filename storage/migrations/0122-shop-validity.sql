-- The first and the last day, by the shop's calendar, on which answers may be taken from a document; null: no bound.
alter table documents add column valid_from date, add column valid_until date, add column tags text[] not null default '{}';
create index documents_bounded on documents (id) where valid_from is not null or valid_until is not null;
