create or replace function reprise_engine.fetch_outputs(attempt_id bigint, task_id text default null, path text[] default '{}')
returns json
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_execution_id uuid;
  v_task_key integer;
  v_path text[];
  v_runs bigint[];
begin
  select r.execution_id, read.key into v_execution_id, v_task_key
  from (select a.task_run_id from reprise.attempts as a where a.id = fetch_outputs.attempt_id offset 0) as a
  cross join lateral (select r.execution_id, r.task_key from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r
  cross join lateral (select t.namespace, t.flow_id, t.revision from reprise.tasks as t where t.key = r.task_key offset 0) as t
  left join lateral (
    select read.key
    from reprise.tasks as read
    where read.namespace = t.namespace and read.flow_id = t.flow_id and read.revision = t.revision and read.id = fetch_outputs.task_id
    offset 0
  ) as read on true;

  if fetch_outputs.task_id is null then
    return reprise_engine.read_outputs(v_execution_id, null);
  end if;

  -- As far as loops are around that task: all of its paths are of one length.
  v_path := fetch_outputs.path[:coalesce((
    select cardinality(r.iteration_path)
    from reprise.task_runs as r
    where r.execution_id = v_execution_id and r.task_key = v_task_key
    limit 1
  ), 0)];

  if v_path = '{}' then
    v_runs := array(select r.id from reprise.task_runs as r where r.execution_id = v_execution_id and r.task_key = v_task_key);
  else
    v_runs := array(
      select r.id
      from reprise.task_runs as r
      where r.execution_id = v_execution_id and r.task_key = v_task_key
        and r.iteration_path >= v_path and r.iteration_path < v_path || null::text
    );
  end if;

  return (
    with shown as materialized (
      select r.id, r.iteration_path, r.state, reprise_engine.place_in_loops(r) as place,
        reprise_engine.seen_outputs(r.id, r.state, r.task_key, a.outputs) as outputs
      from reprise.task_runs as r
      left join lateral reprise_engine.shown_attempt(r.id, r.attempt_number, r.carried_attempt_id) as a on true
      where r.id = any (v_runs)
    )
    select json_agg(
      json_build_array(fetch_outputs.task_id, s.iteration_path, s.state, s.outputs)
      order by s.place, s.id
    )
    from (
      select * from shown
      union all
      (
        -- That there is something elsewhere, where there is nothing under this path.
        select r.id, r.iteration_path, r.state, reprise_engine.place_in_loops(r), shown.outputs
        from reprise.task_runs as r
        left join lateral reprise_engine.shown_attempt(r.id, r.attempt_number, r.carried_attempt_id) as a on true
        cross join lateral (select reprise_engine.seen_outputs(r.id, r.state, r.task_key, a.outputs) as outputs offset 0) as shown
        where v_path <> '{}' and not exists (select from shown as s where s.outputs is not null)
          and r.execution_id = v_execution_id and r.task_key = v_task_key
          -- Of thousands that were left out this is all that is looked at.
          and r.state not in ('SKIPPED', 'CREATED') and shown.outputs is not null
        limit 1
      )
    ) as s
  );
end;
$$;

comment on function reprise_engine.fetch_outputs is
  'What a template of an attempt comes to that nobody could tell before, as it stands now: the outputs of a task in the iterations of this path, as far as it '
  'has so many loops around it, or where they have none, one from elsewhere; without a task those of all.';
