create or replace function reprise_engine.seen_outputs(task_run_id bigint, state reprise.task_run_state, task_key integer, outputs json)
returns json
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select coalesce(
    reprise_engine.shown_outputs(seen_outputs.task_run_id, seen_outputs.state, seen_outputs.outputs),
    case
      when seen_outputs.state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED') then json '{}'
      -- Asked for by a case, since few run.
      when seen_outputs.state = 'RUNNING' and reprise_engine.is_block_task(seen_outputs.task_key) then json '{}'
    end
  );
$$;

comment on function reprise_engine.seen_outputs is
  'What templates see of a task run in this state whose attempt has these outputs: of one that has run to an end, and of a block that runs, at least an '
  'empty map; null where they see none.';
