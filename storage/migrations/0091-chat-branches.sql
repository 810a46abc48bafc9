-- What a message follows, where that is not the one before it: {"parent_id": …}, null for nothing. The log stays one line.
alter table messages add column branch jsonb;
