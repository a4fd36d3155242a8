create or replace function reprise_engine.outputs_inside(loop_id bigint, outputs json)
returns json
language sql stable
set search_path = ''
as $$
  select reprise_engine.lay_over(coalesce(outputs_inside.outputs, '{}'), json_build_object('iterationCount', l.iteration_count))
  from reprise.loops as l
  where l.task_run_id = outputs_inside.loop_id;
$$;

comment on function reprise_engine.outputs_inside is
  'What a LoopUntil that a replay has opened again shows to what runs in it: the iteration it is in, and not how it had ended in the original. '
  'Null for other blocks.';
