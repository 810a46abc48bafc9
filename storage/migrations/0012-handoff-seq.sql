-- Which event of the conversation wrote the row: a reader that hears of two knows which is the later one.
alter table handoffs add column seq bigint not null default 0;
