-- The words that stand in a body of passages, as written: what a word of a question that is none of them is corrected to.
create table passage_words (
  corpus_id int not null references corpora on delete cascade,
  word text not null,
  -- What it counts as among term_statistics.
  term int not null,
  primary key (corpus_id, word)
);
