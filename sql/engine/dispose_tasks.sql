create or replace function reprise_engine.dispose_tasks(
  nodes reprise.replay_node[],
  places integer[],
  opened integer[],
  original reprise.executions,
  target_revision integer
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_fates reprise.fate[] := reprise_engine.judge_tasks(nodes, places, opened);
  v_opened integer[];
  v_failures reprise.carried_failure[];
  v_held reprise.carried_failure[];
  v_handled reprise.fate[];
  v_failed_again integer[] := '{}';
  v_shown integer[] := '{}';
  v_open integer[] := '{}';
  v_tasks reprise.replay_plan_task[];
begin
  -- A flow without blocks and handlers in which no failure is carried is judged by its one list.
  if opened <> '{}' or exists (select from unnest(nodes, v_fates) as n where n.around is not null or n.in_handler or n.disposition = 'CARRIED_FAILED') then
    if exists (select from unnest(v_fates) as f where f.reason = 'revalued') then
      v_fates := reprise_engine.leave_gone(nodes, v_fates);
    end if;
    v_opened := places || opened || reprise_engine.find_around(nodes, places || opened);
    v_failures := reprise_engine.find_failures(nodes, v_fates);
    v_failed_again := array(select f.place from unnest(v_failures) as f where f.cause <> f.place and not f.is_uncertain);
    v_held := case when v_failures = '{}' then '{}' else reprise_engine.hold_back(nodes, v_fates, v_failures, v_opened) end;
    v_handled := reprise_engine.handle_ends(nodes, v_fates, v_failures, v_held, v_opened);
    v_fates := reprise_engine.overrule(nodes, v_fates, v_held, v_handled);
    v_fates := reprise_engine.decide_fates(
      nodes, v_fates, array(select h.place from unnest(v_handled) as h), reprise_engine.find_loose(nodes, v_fates, v_failures)
    );
    if exists (select from unnest(nodes, v_fates) as n where n.kind = 'FOR_EACH' and n.disposition = 'REOPENED') then
      select coalesce(array_agg(s.place) filter (where s.is_certain), '{}'), coalesce(array_agg(s.place) filter (where not s.is_certain), '{}') into v_shown, v_open
      from reprise_engine.find_shown_anew(nodes, v_fates, v_failures) as s;
    end if;
  end if;

  select coalesce(array_agg(
    row(
      n.task_id, n.iteration_path, n.disposition,
      case
        when n.reason = 'removed' and n.task_id = any ((select reprise_engine.disabled_tasks(original, target_revision))::text[]) then 'disabled'
        else n.reason
      end,
      (nodes[n.because_of]).task_id, null, n.state, n.task_key, n.task_run_id, n.attempt_id,
      reprise_engine.planned_number(
        n.disposition, n.reason, n.kind, n.attempt_number, n.is_overridden,
        case when n.kind = 'LOOP_UNTIL' then n.ordinality <> all (v_failed_again) when n.ordinality = any (v_shown) then true when n.ordinality <> all (v_open) then false end
      ),
      n.execution_id, n.duration_ms, n.changed_keys, n.is_overridden, n.iteration, n.around
    )::reprise.replay_plan_task
    order by n.ordinality
  ), '{}') into v_tasks
  from unnest(nodes, v_fates) with ordinality as n;

  return v_tasks;
end;
$$;

comment on function reprise_engine.dispose_tasks is
  'Says for each task run and task what a replay from these places does with it, and with these blocks opened: what becomes of it by itself, which failures '
  'are carried and what they hold back, what handles how it ends, and what all that means inside of blocks.';
