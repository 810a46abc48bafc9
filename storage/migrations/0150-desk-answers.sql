-- What was said since a person was asked for, as the clocks of the desk count it; null until it was looked at.
alter table handoffs add column answers jsonb;
