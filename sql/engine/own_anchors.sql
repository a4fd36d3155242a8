create or replace function reprise_engine.own_anchors(execution reprise.executions)
returns text[]
language sql stable
set search_path = ''
as $$
  select case
    when own_anchors.execution.anchors is null or own_anchors.execution.anchors @> '[{"anchor": "start"}]' then '{start}'
    else array(
      select 'task:' || a."taskId" || case when a.path is null then '' else to_json(a.path)::text end
      from jsonb_to_recordset(own_anchors.execution.anchors) as a ("taskId" text, path text[])
      join reprise.tasks as t
        on t.namespace = own_anchors.execution.namespace and t.flow_id = own_anchors.execution.flow_id
          and t.revision = own_anchors.execution.flow_revision and t.id = a."taskId"
      left join lateral reprise_engine.find_task_run(own_anchors.execution.id, t.key, a.path) as r on true
      -- A block that only goes on, behind what had stopped it, is no place to begin.
      where r.is_carried is not true
        and not exists (select from reprise.task_runs as inside where inside.parent_id = r.id and inside.is_carried)
      group by a."taskId", a.path
      order by min(t.key)
    )
  end;
$$;

comment on function reprise_engine.own_anchors is
  'Where an execution itself began, as anchors on its own revision: at the start, or, of a replay, where that started. Empty where the blocks that it went on in are no more than that.';
