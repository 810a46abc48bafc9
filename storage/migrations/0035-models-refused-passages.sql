-- Passages that an embedding model's host refuses by themselves: found by words alone, and not sent again.
create table refused_passages (
  passage_id uuid not null references passages (id) on delete cascade,
  model text not null,
  primary key (passage_id, model)
);
