create or replace function reprise_engine.report_progress(
  worker_id integer,
  attempt_ids bigint[],
  fractions real[],
  notes text[]
)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_executions uuid[];
begin
  with changed as (
    update reprise.attempts as a
    set progress = p.fraction, progress_note = p.note
    from unnest(report_progress.attempt_ids, report_progress.fractions, report_progress.notes) as p (attempt_id, fraction, note),
      reprise.task_runs as r
    where a.id = p.attempt_id and a.state = 'RUNNING' and a.worker_id = report_progress.worker_id and r.id = a.task_run_id
    returning r.execution_id
  )
  select array_agg(changed.execution_id) into v_executions from changed;

  perform reprise_engine.notify_executions(v_executions);
end;
$$;

comment on function reprise_engine.report_progress is 'A worker says how far its long attempts are.';
