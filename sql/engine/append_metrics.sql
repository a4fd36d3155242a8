create or replace function reprise_engine.append_metrics(
  execution_ids uuid[],
  task_run_ids bigint[],
  attempt_ids bigint[],
  names text[],
  types reprise.metric_type[],
  metric_values double precision[],
  descriptions text[],
  tags jsonb[]
)
returns void
language sql volatile
set search_path = ''
as $$
  insert into reprise.metrics (execution_id, task_run_id, attempt_id, name, type, value, description, tags, recorded_at)
  select m.execution_id, m.task_run_id, m.attempt_id, m.name, m.type, m.value, m.description, m.tags, now.at
  from unnest(
    append_metrics.execution_ids, append_metrics.task_run_ids, append_metrics.attempt_ids, append_metrics.names, append_metrics.types,
    append_metrics.metric_values, append_metrics.descriptions, append_metrics.tags
  ) with ordinality as m (execution_id, task_run_id, attempt_id, name, type, value, description, tags, place)
  cross join reprise_engine.clock() as now (at)
  where exists (select from reprise.executions as e where e.id = m.execution_id)
  order by m.place
  on conflict on constraint metrics_attempt_id_name_type_tags_key do nothing;
$$;

comment on function reprise_engine.append_metrics is 'Takes what tasks have measured, many at once. What comes twice is taken once.';
