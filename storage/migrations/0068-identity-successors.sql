-- What the next token of a session is made of, together with the one before: a repeat whose answer was lost is answered
-- alike, and neither the table nor the old token tells the next one by itself.
alter table refresh_tokens add column successor_salt bytea;
