create or replace function reprise_engine.next_retry_at(retry jsonb, task_run_id bigint, try integer, now timestamptz)
returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  v_first_started_at timestamptz;
  v_at timestamptz;
begin
  if try >= (retry ->> 'maxAttempts')::numeric then
    return null;
  end if;

  v_at := now + reprise_engine.retry_delay(retry, try);

  if retry ? 'maxDurationMs' then
    -- The budget runs from its own first attempt, not from that of an original or of the run before a restart.
    select a.started_at into v_first_started_at
    from reprise.attempts as a
    where a.task_run_id = next_retry_at.task_run_id and a.try = 1
    order by a.number desc
    limit 1;

    if v_at > v_first_started_at + (retry ->> 'maxDurationMs')::double precision * interval '1 millisecond' then
      return null;
    end if;
  end if;

  return v_at;
end;
$$;

comment on function reprise_engine.next_retry_at is
  'When a task run whose try has just failed may begin the next one by its retry (constant, exponential or random, maxAttempts, '
  'maxDuration); null when its budget is used up.';
