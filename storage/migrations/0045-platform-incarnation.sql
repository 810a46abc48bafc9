-- Which life of the database this is. A backup that is put back begins another: clients know more than it does.
create table incarnation (
  one boolean primary key default true check (one),
  id uuid not null,
  -- the cluster, the database and the table that hold the row, and the transaction that wrote it: a copy of the row has others
  mark text not null,
  written_in xid8 not null default pg_current_xact_id()
);
