create or replace function reprise_engine.find_pause(execution_id uuid, task_run_id bigint)
returns reprise.pauses
language plpgsql stable
set search_path = ''
as $$
declare
  v_pause reprise.pauses;
begin
  select p.* into v_pause
  from reprise.task_runs as r
  join reprise.pauses as p on p.task_run_id = r.id
  where r.execution_id = find_pause.execution_id and r.state = 'PAUSED'
    and case when find_pause.task_run_id is null then p.answer is null else r.id = find_pause.task_run_id end
  order by r.id
  limit 1;

  if not found and task_run_id is null then
    raise exception 'Nothing in execution % waits for an answer any more.', execution_id
      using errcode = 'RP409', detail = 'execution_not_paused',
        hint = 'It goes on once a worker has rendered what it was answered; where that is refused, its log says so.';
  elsif not found then
    raise exception 'Task run % of execution % is not paused.', task_run_id, execution_id
      using errcode = 'RP409', detail = 'task_run_not_paused', hint = 'Leave it away to resume the first that is.';
  elsif v_pause.answer is not null then
    raise exception 'Task run % of execution % was answered by %.', v_pause.task_run_id, execution_id, v_pause.answered_by
      using errcode = 'RP409', detail = 'task_run_not_paused',
        hint = 'It goes on once a worker has rendered that; where that is refused, the log says so, and it can be answered again.';
  end if;
  return v_pause;
end;
$$;

comment on function reprise_engine.find_pause is
  'The Pause that is resumed, this one or else the first that nobody has answered. One whose answer waits for a worker takes no other.';
