-- Signs of life of the nodes. Who let its own lease run out does not judge others by theirs until it held it for as long as they may.
create table node_leases (
  node_id uuid primary key,
  -- counts up with every sign of life: fewer than the node knows of means that a backup was put back
  beats bigint not null,
  -- since when without a gap
  since timestamptz not null,
  until timestamptz not null
);
