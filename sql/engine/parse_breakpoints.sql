create or replace function reprise_engine.parse_breakpoints(breakpoints text[], revision reprise.flow_revisions)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_text text;
  v_parts text[];
  v_path text[];
  v_loops integer;
  v_breakpoints jsonb := '[]';
begin
  foreach v_text in array coalesce(breakpoints, '{}') loop
    v_parts := regexp_match(v_text, '^([^[]+)(\[.*\])?$');
    -- Kestra's way to name one iteration; no id has a dot.
    if v_text ~ '^[^.[]+\..' then
      v_parts := array[split_part(v_text, '.', 1), jsonb_build_array(substr(v_text, strpos(v_text, '.') + 1))::text];
    end if;
    v_path := nullif(reprise_engine.parse_path(v_parts[2]), '{}');
    if v_parts is null or v_parts[2] is not null and v_path is null then
      raise exception 'A breakpoint is TASK, or TASK["VALUE", …] inside of loops, not %.', v_text
        using errcode = 'RP400', detail = 'malformed_breakpoint', hint = 'Name the task before which it is to stop.';
    elsif not exists (
      select from reprise_engine.tasks_of(revision.namespace, revision.flow_id, revision.revision) as t where t.task_id = v_parts[1]
    ) then
      raise exception 'Revision % has no task `%` to stop before.', revision.revision, v_parts[1]
        using errcode = 'RP422', detail = 'breakpoint_not_in_revision', hint = 'Name a task of the revision that runs.';
    elsif exists (
      select
      from reprise.tasks as t
      left join reprise.tasks as around on around.key = t.parent_key
      where t.namespace = revision.namespace and t.flow_id = revision.flow_id and t.revision = revision.revision and t.id = v_parts[1]
        and (t.is_after or around.kind = 'WORKING_DIRECTORY' and t.branch = 'tasks')
    ) then
      raise exception 'An execution cannot stop before `%`.', v_parts[1]
        using errcode = 'RP422', detail = 'breakpoint_not_possible',
          hint = 'It has ended when its afterExecution tasks run, and a WorkingDirectory is one job: stop before that.';
    end if;

    v_loops := reprise_engine.count_loops_around(revision, v_parts[1]);
    if cardinality(v_path) > v_loops then
      raise exception 'Task `%` has % around it, and so no iteration %.', v_parts[1],
        case v_loops when 0 then 'no loop' when 1 then '1 loop' else format('%s loops', v_loops) end, to_jsonb(v_path)
        using errcode = 'RP422', detail = 'breakpoint_not_possible', hint = 'Give one value for each loop around the task, or the innermost alone.';
    end if;
    v_breakpoints := v_breakpoints || jsonb_build_object('taskId', v_parts[1], 'path', v_path);
  end loop;

  return nullif(v_breakpoints, '[]');
end;
$$;

comment on function reprise_engine.parse_breakpoints is
  'Takes breakpoints apart as executions keep them; raises RP400 and RP422 for those that name nothing. Null when there are none.';
