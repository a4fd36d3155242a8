create or replace function reprise_api.set_labels(execution_id uuid, labels jsonb, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
  v_labels jsonb;
begin
  -- Whoever shows labels gives back those of the system too.
  v_labels := reprise_engine.check_labels(
    labels,
    array(select l.key from jsonb_each(v_execution.labels) as l where starts_with(l.key, 'system.') and labels -> l.key = l.value)
  );
  update reprise.executions as e
  set
    labels = v_labels || (
      select coalesce(jsonb_object_agg(l.key, l.value), '{}')
      from jsonb_each(e.labels) as l
      where starts_with(l.key, 'system.')
    )
  where e.id = v_execution.id
  returning * into v_execution;

  perform reprise_engine.log_event(v_execution.id, format('Labels set by %s: %s.', reprise_engine.actor(actor), v_labels));
  perform reprise_engine.notify_executions(array[v_execution.id]);
  return v_execution;
end;
$$;

comment on function reprise_api.set_labels is
  E'Gives an execution these labels in place of those that it has, also when it has ended.\n\n'
  'labels: {"NAME": "TEXT"}. Those that start with system. are the system''s: they stay, and can only be given as they are.';
