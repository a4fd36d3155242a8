create or replace function reprise_engine.close_killed(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_quiet uuid[];
begin
  select coalesce(array_agg(e.id), '{}') into v_quiet
  from reprise.executions as e
  where e.id = any (close_killed.execution_ids)
    and case
      when e.state = 'KILLING' then not exists (
        select
        from reprise.task_runs as r
        where r.execution_id = e.id and r.state = 'RUNNING'
          -- A block runs only while a worker looks what is in it.
          and exists (
            select from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number and a.state = 'RUNNING' offset 0
          )
        offset 0
      )
      -- An Exit has left nothing open but what comes to its end by itself.
      else e.is_ending and not exists (
        select from reprise.task_runs as r where r.execution_id = e.id and r.ended_at is null offset 0
      )
    end;
  if v_quiet = '{}' then
    return;
  end if;

  -- What is left of them are blocks with nothing in them that runs, and what came to wait meanwhile.
  update reprise.task_runs as r
  set state = 'KILLED', ended_at = now.at, retry_at = null
  from reprise_engine.clock() as now (at)
  where r.execution_id = any (v_quiet) and r.ended_at is null;
  perform reprise_engine.close_executions(v_quiet);
end;
$$;

comment on function reprise_engine.close_killed is 'Ends those executions that are being killed, or that an Exit has ended, and have nothing running any more.';
