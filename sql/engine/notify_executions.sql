create or replace function reprise_engine.notify_executions(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
as $$
  -- Notifying commits are serialised by Postgres, so a transaction sends as few as hold all its ids: 200 of them
  -- stay under the limit of 8,000 bytes.
  select pg_notify('reprise_executions', string_agg(changed.id::text, ',' order by changed.id))
  from (
    select distinct_ids.id, (row_number() over (order by distinct_ids.id) - 1) / 200 as chunk
    from (select distinct unnest(notify_executions.execution_ids) as id) as distinct_ids
  ) as changed
  group by changed.chunk;
$$;

comment on function reprise_engine.notify_executions is
  'Tells listeners on reprise_executions which executions have changed: their ids, comma by comma.';
