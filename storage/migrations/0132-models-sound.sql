-- Speech is paid for by the time it sounds, where not by tokens.
alter table prices add column minute numeric(14, 6) check (minute >= 0);
alter table usage add column sound_ms bigint not null default 0;
alter table usage_totals add column sound_ms bigint not null default 0;
