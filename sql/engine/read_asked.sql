create or replace function reprise_engine.read_asked(execution_id uuid, task_run_id bigint default null)
returns json
language sql stable
set search_path = ''
as $$
  select coalesce(
    (
      select json_build_object(
        'asked', p.inputs, 'inputs', e.inputs, 'vars', e.variables,
        'flow', json_build_object('id', e.flow_id, 'namespace', e.namespace, 'revision', e.flow_revision, 'tenantId', 'main'),
        'taskRunId', r.id::text, 'task', (select to_json(t) from reprise.tasks as t where t.key = r.task_key)
      )
      from reprise.executions as e
      cross join lateral (select r.id, r.task_key from reprise.task_runs as r where r.execution_id = e.id and r.state = 'PAUSED' offset 0) as r
      join reprise.pauses as p on p.task_run_id = r.id
      where e.id = read_asked.execution_id
        and case when read_asked.task_run_id is null then not e.is_held and p.answer is null else r.id = read_asked.task_run_id end
      order by r.id
      limit 1
    ),
    '{"asked": []}'
  );
$$;

comment on function reprise_engine.read_asked is
  'What a Pause asks for (the first that nobody has answered, or that of a task run), and what templates see of its execution who find out what its '
  'inputs may be: {"asked", "inputs", "vars", "flow"}; taskRunId and task say whose more there is to see (read_paused). Secrets are encrypted, so that '
  'only who has the key can read them.';
