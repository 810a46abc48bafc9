-- What was given up lately is counted at every look of the figures.
create index outbox_failed on outbox (updated_at) where status = 'failed';
