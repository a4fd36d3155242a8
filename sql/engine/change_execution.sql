create or replace function reprise_engine.change_execution(execution_id uuid, attempt_id bigint, change json)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_removed text[] := array(select json_array_elements_text(change -> 'unset'));
  v_taken text;
  v_id bigint;
  v_rank bigint;
begin
  if change -> 'labels' is not null then
    update reprise.executions as e
    set labels = e.labels || (change -> 'labels')::jsonb
    where e.id = change_execution.execution_id;
    return null;
  end if;

  if change ->> 'overwrite' = 'false' then
    select string_agg(v.name, ', ' order by v.name) into v_taken
    from reprise.executions as e
    cross join lateral json_object_keys(change -> 'set') as v (name)
    where e.id = change_execution.execution_id and e.variables -> v.name is not null;
    if v_taken is not null then
      return jsonb_build_object(
        'reason', 'variables_exist',
        'message', format('`overwrite` is set to false and the following variables already exist: %s', v_taken)
      );
    end if;
  end if;

  v_rank := coalesce(
    reprise_engine.rank_change(change_execution.execution_id, change_execution.attempt_id),
    (
      select reprise_engine.rank_inserted(e, change_execution.attempt_id)
      from reprise.executions as e
      where e.id = change_execution.execution_id and e.carried_rank is not null
    )
  );
  v_id := nextval('reprise.variable_changes_id_seq');
  insert into reprise.variable_changes (id, execution_id, attempt_id, merged, removed, rank)
  overriding system value
  values (
    v_id, change_execution.execution_id, change_execution.attempt_id, change -> 'set', case when change -> 'set' is null then v_removed end,
    coalesce(v_rank, v_id)
  );
  update reprise.executions as e
  set variables = case
    -- What is carried and came after it comes after it still, and so does what was made again before it.
    when v_rank < e.carried_rank or exists (
      select from reprise.variable_changes as c where c.execution_id = e.id and c.rank > v_rank offset 0
    ) then reprise_engine.replay_variables(e)
    else reprise_engine.change_variables(e.variables, change -> 'set', v_removed)
  end
  where e.id = change_execution.execution_id;
  return null;
end;
$$;

comment on function reprise_engine.change_execution is
  'Changes an execution as an attempt of it asks: {"labels"} are merged into its labels, {"set", "overwrite"} into its variables, {"unset"} '
  'removes some of these. Returns why it cannot: {"reason", "message"}. The caller holds its lock.';
