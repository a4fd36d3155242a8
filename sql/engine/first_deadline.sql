create or replace function reprise_engine.first_deadline(slas jsonb, since timestamptz, violated text[] default '{}')
returns timestamptz
language sql stable
set search_path = ''
as $$
  select min(first_deadline.since + (s.sla ->> 'durationMs')::bigint * interval '1 millisecond')
  from jsonb_array_elements(first_deadline.slas) as s (sla)
  where s.sla ->> 'type' = 'MAX_DURATION' and coalesce(s.sla ->> 'key', s.sla ->> 'id') <> all (first_deadline.violated);
$$;

comment on function reprise_engine.first_deadline is
  'When the first SLA on the duration of an execution is violated that has not been yet; null when there is none.';
