create or replace function reprise_engine.fulfil_requests(
  subflows bigint[],
  opened bigint[],
  has_changes boolean,
  out ended bigint[],
  out retrying bigint[],
  out going_on bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_changed record;
begin
  ended := '{}';
  retrying := '{}';
  going_on := opened;
  if fulfil_requests.subflows <> '{}' then
    select s.ended, s.retrying into fulfil_requests.ended, fulfil_requests.retrying
    from reprise_engine.open_subflows(fulfil_requests.subflows) as s;
    -- One that failed to start may have ended its execution.
    going_on := array(select r.id from reprise.task_runs as r where r.id = any (fulfil_requests.opened) and r.ended_at is null);
  end if;

  if has_changes then
    select * into v_changed from reprise_engine.change_executions(going_on);
    ended := ended || v_changed.ended;
    retrying := retrying || v_changed.retrying;
    select x.opened, fulfil_requests.ended || x.ended into fulfil_requests.going_on, fulfil_requests.ended
    from reprise_engine.exit_executions(array(select unnest(going_on) except select unnest(v_changed.retrying))) as x;
  end if;
end;
$$;

comment on function reprise_engine.fulfil_requests is
  'Does what attempts ask for that have found out what comes next: some have children to start, others change their execution, or end it. Returns the task runs '
  'that have ended by that, those that try again, and which of the opened ones go on.';
