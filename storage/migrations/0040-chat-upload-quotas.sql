-- What each network handed over in a day, whatever became of it. Nothing links it to a file or a person.
create table upload_networks (
  network text not null,
  day date not null,
  bytes bigint not null,
  primary key (network, day)
);
