-- json keeps the shop's own order of the columns, jsonb does not
alter table products alter column specs type json using specs::json;
-- what a product is: "lamp", "desk lamp"
alter table products add column kinds text[] not null default '{}';
