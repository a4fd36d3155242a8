create or replace function reprise_engine.shown_outputs(task_run_id bigint, state reprise.task_run_state, outputs json)
returns json
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select coalesce(
    -- Asked for by a case, since a join would do it for every row, and most have ended well.
    case
      when shown_outputs.state in ('RUNNING', 'KILLED', 'FAILED', 'CANCELLED', 'RETRIED')
        then reprise_engine.outputs_inside(shown_outputs.task_run_id, shown_outputs.outputs)
    end,
    shown_outputs.outputs
  );
$$;

comment on function reprise_engine.shown_outputs is
  'What a task run in this state shows whose attempt has these outputs: those, but for a loop that was opened again and goes on, or was stopped then.';
