create or replace function reprise_engine.choose_anchors(
  original reprise.executions,
  target_revision integer,
  given reprise.anchor[],
  nodes reprise.replay_node[],
  out chosen jsonb,
  out places integer[],
  out opened integer[],
  out problems reprise.replay_problem[]
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_given reprise.anchor;
  v_found integer[];
  v_failed integer[];
  v_gaps integer[];
  v_cut record;
  v_is_cut_off boolean;
  v_wraps integer[] := '{}';
begin
  chosen := '[]';
  places := '{}';
  opened := '{}';
  problems := '{}';
  if exists (select from unnest(given) as g where g.anchor in ('failed', 'auto')) then
    v_gaps := reprise_engine.find_gaps(nodes);
    v_failed := reprise_engine.find_failed(nodes, v_gaps);
    v_is_cut_off := original.error is not null or original.state = 'KILLED' or 0 = any (v_gaps)
      or exists (select from unnest(nodes) as n where n.state = 'KILLED' and n.task_key is not null and not n.in_handler and not n.is_overridden);
    opened := array_remove(v_gaps, 0);
    if v_failed = '{}' and opened = '{}' and not v_is_cut_off then
      v_failed := reprise_engine.find_failed_handlers(nodes);
    end if;
  end if;

  if exists (select from unnest(given) as g where g.anchor = 'auto') then
    -- They have nothing of their own to run, but for loops.
    v_wraps := reprise_engine.find_wraps(nodes);
  end if;

  foreach v_given in array given loop
    select array(
      select n.ordinality::integer
      from unnest(nodes) with ordinality as n
      where n.task_key is not null
        and case v_given.anchor
          when 'start' then n.ordinality = 1
          when 'failed' then n.ordinality = any (v_failed)
          when 'auto' then n.ordinality = any (v_failed)
            or not n.is_overridden and (n.changed_keys is not null or n.is_inserted and (n.ordinality <> all (v_wraps) or n.kind = 'FOR_EACH'))
              and (not n.in_handler or reprise_engine.is_handled_again(nodes[n.ordinality], nodes[n.around], original))
          else n.task_run_id = v_given.task_run_id
            or n.task_id = v_given.task_id and n.iteration_path is not distinct from v_given.iteration_path
        end
      order by n.ordinality
    ) into v_found;
    if v_given.anchor = 'auto' then
      v_found := reprise_engine.find_foremost(nodes, reprise_engine.find_directories(nodes, v_found));
    end if;

    if v_given.anchor in ('failed', 'auto') and v_found = '{}' and v_is_cut_off then
      -- A system step failed, the kill came between two task runs, or what failed stops nothing any more: it goes on behind what it has.
      select n.task_id, n.ordinality::integer as place into v_cut
      from unnest(nodes) with ordinality as n
      where n.around is null and n.task_key is not null and not n.in_handler and n.task_run_id is null and not n.is_inserted
      order by n.ordinality
      limit 1;
      chosen := chosen || jsonb_build_object('anchor', v_given.anchor, 'taskId', v_cut.task_id, 'path', null, 'taskRunId', null);
      places := places || array_remove(array[v_cut.place], null);
    elsif v_found = '{}' and v_given.anchor = 'start' then
      chosen := chosen || '{"anchor": "start", "taskId": null, "path": null, "taskRunId": null}';
    elsif v_found = '{}' and (v_given.anchor not in ('failed', 'auto') or opened = '{}') then
      problems := problems || reprise_engine.describe_missing_anchor(original, target_revision, v_given);
    end if;

    chosen := chosen || coalesce((
      select jsonb_agg(jsonb_build_object(
        'anchor', v_given.anchor, 'taskId', nodes[place].task_id, 'path', nodes[place].iteration_path,
        'taskRunId', nodes[place].task_run_id::text
      ) order by place)
      from unnest(v_found || case
        -- Blocks that go on behind a gap, where nothing in them is an anchor.
        when v_given.anchor in ('failed', 'auto') then array(select o.place from unnest(opened) as o (place) where o.place <> all (reprise_engine.find_around(nodes, v_found)))
      end) as place
    ), '[]');
    places := places || reprise_engine.find_directories(nodes, v_found);
  end loop;
end;
$$;

comment on function reprise_engine.choose_anchors is
  'Finds the task runs and tasks that anchors name, by their places among the nodes, and for failed and auto the blocks that go on without one: '
  'what had stopped them does not any more. An anchor that names nothing is a blocking problem.';
