create or replace function reprise_engine.start_children(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  perform reprise_engine.reference_input_files(array_agg(e.id), array_agg(e.inputs))
  from reprise.executions as e
  where e.id = any (start_children.execution_ids) and e.inputs::text like '%"kestra:///%'
  having count(*) > 0;

  perform reprise_engine.enqueue_starts(start_children.execution_ids);
  perform reprise_engine.start_executions(array(
    select e.id from reprise.executions as e where e.id = any (start_children.execution_ids) and not e.is_scheduled
  ));
end;
$$;

comment on function reprise_engine.start_children is
  'Starts executions that were just created for Subflows, or has them started at their date, and notes which files their inputs name.';
