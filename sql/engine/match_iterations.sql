create or replace function reprise_engine.match_iterations(task_run_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform reprise_engine.drop_task_runs(array(
    select r.id
    from unnest(match_iterations.task_run_ids) as given (id)
    join reprise.blocks as b on b.task_run_id = given.id
    join reprise.task_runs as r on r.parent_id = given.id and r.iteration is not null
    where not exists (
      select
      from reprise.iterations as i
      where i.attempt_id = b.attempt_id and i.value = r.iteration_path[cardinality(r.iteration_path)]
    )
  ));

  update reprise.task_runs as r
  set iteration = i.number
  from reprise.blocks as b, reprise.iterations as i
  where b.task_run_id = any (match_iterations.task_run_ids) and r.parent_id = b.task_run_id and i.attempt_id = b.attempt_id
    and r.iteration <> i.number and i.value = r.iteration_path[cardinality(r.iteration_path)];
end;
$$;

comment on function reprise_engine.match_iterations is
  'Loops that a replay opens again have found their values anew: what it carried of iterations whose values are gone is dropped, and the '
  'others take the numbers that they have now.';
