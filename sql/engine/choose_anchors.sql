create or replace function reprise_engine.choose_anchors(
  original reprise.executions,
  target_revision integer,
  given reprise.anchor[],
  tasks reprise.replay_plan_task[],
  out chosen jsonb,
  out first_position integer,
  out problems reprise.replay_problem[]
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_given reprise.anchor;
  v_found record;
  v_cut record;
  v_is_cut_off boolean;
begin
  chosen := '[]';
  problems := '{}';
  v_is_cut_off := original.error is not null or original.state = 'KILLED' or exists (
    select from unnest(tasks) as t where t.is_overridden and t.state in ('FAILED', 'KILLED')
  );

  foreach v_given in array given loop
    select
      coalesce(jsonb_agg(jsonb_build_object(
        'anchor', v_given.anchor, 'taskId', t.task_id, 'path', t.iteration_path, 'taskRunId', t.task_run_id::text
      ) order by t.ordinality), '[]') as anchors,
      min(t.ordinality)::integer as position
    into v_found
    from unnest(tasks) with ordinality as t
    where t.task_key is not null
      and case v_given.anchor
        when 'start' then t.ordinality = 1
        -- What is given outputs is as good as done.
        when 'failed' then t.state in ('FAILED', 'KILLED') and not t.is_overridden
        when 'auto' then not t.is_overridden and (t.state in ('FAILED', 'KILLED') or t.changed_keys is not null
          or t.task_run_id is null and t.task_id not in (
            select known.task_id from reprise_engine.tasks_of(original, original.flow_revision) as known where not known.is_disabled
          ))
        else t.task_run_id = v_given.task_run_id
          or t.task_id = v_given.task_id and t.iteration_path is not distinct from v_given.iteration_path
      end;

    if v_given.anchor = 'auto' and v_found.position is not null then
      -- The smallest set that everything else stands behind: in a sequence, the first.
      v_found.anchors := jsonb_build_array(v_found.anchors -> 0);
    end if;

    if v_given.anchor in ('failed', 'auto') and v_found.position is null and v_is_cut_off then
      -- A system step failed, the kill came between two task runs, or what failed is given its outputs: it goes on behind what it has.
      select t.task_id, t.ordinality::integer as position into v_cut
      from unnest(tasks) with ordinality as t
      where t.task_key is not null and t.task_run_id is null and t.task_id in (
        select known.task_id from reprise_engine.tasks_of(original, original.flow_revision) as known where not known.is_disabled
      )
      order by t.ordinality
      limit 1;
      chosen := chosen || jsonb_build_object('anchor', v_given.anchor, 'taskId', v_cut.task_id, 'path', null, 'taskRunId', null);
      v_found.position := coalesce(v_cut.position, cardinality(tasks) + 1);
    elsif v_found.position is null and v_given.anchor = 'start' then
      chosen := chosen || '{"anchor": "start", "taskId": null, "path": null, "taskRunId": null}';
    elsif v_found.position is null then
      problems := problems || reprise_engine.describe_missing_anchor(original, target_revision, v_given);
    end if;

    chosen := chosen || v_found.anchors;
    first_position := least(first_position, v_found.position);
  end loop;
end;
$$;

comment on function reprise_engine.choose_anchors is
  'Finds the tasks of the target revision that anchors name, and the place of the first of them in the order of the flow. An anchor that '
  'names none is a blocking problem.';
