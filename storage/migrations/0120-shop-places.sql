-- Where the lines of a passage stand in their file: { "unit": "page" | "row" | "slide", "at": [number of each line] }.
alter table passages add column place jsonb;
