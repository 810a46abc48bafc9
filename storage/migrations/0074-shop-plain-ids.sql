-- Ids as people write them: without case, blanks and hyphens.
create index products_plain_id on products (version, lower(regexp_replace(id, '[^[:alnum:]]+', '', 'g')));
