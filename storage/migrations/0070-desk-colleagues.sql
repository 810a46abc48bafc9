-- Everybody of the staff can be named in a note and put into a team, whether or not they have opened the desk yet; a new name,
-- or somebody who leaves, is a change of theirs that every node reads.
insert into agents (person_id)
select id from people where active and role in ('agent', 'admin', 'super_admin') on conflict do nothing;

create function enlist_colleague() returns trigger language plpgsql as $$
begin
  if new.active and new.role in ('agent', 'admin', 'super_admin') then
    insert into agents (person_id) values (new.id) on conflict (person_id) do update set chosen = agents.chosen;
  else
    update agents set chosen = chosen where person_id = new.id;
  end if;
  return new;
end $$;
create trigger enlist_colleague after insert or update of role, active, name on people
  for each row when (new.role <> 'visitor') execute function enlist_colleague();
