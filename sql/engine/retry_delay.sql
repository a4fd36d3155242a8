create or replace function reprise_engine.retry_delay(retry jsonb, try integer)
returns interval
language sql volatile
set search_path = ''
as $$
  select interval '1 millisecond' * case retry_delay.retry ->> 'type'
    when 'constant' then (retry_delay.retry ->> 'intervalMs')::double precision
    when 'exponential' then least(
      (retry_delay.retry ->> 'maxIntervalMs')::double precision,
      (retry_delay.retry ->> 'intervalMs')::double precision
        * power(coalesce((retry_delay.retry ->> 'delayFactor')::double precision, 2), least(retry_delay.try - 1, 100))
    )
    when 'random' then (retry_delay.retry ->> 'minIntervalMs')::double precision
      + random() * ((retry_delay.retry ->> 'maxIntervalMs')::double precision - (retry_delay.retry ->> 'minIntervalMs')::double precision)
  end;
$$;

comment on function reprise_engine.retry_delay is 'How long a retry waits behind its nth try: constant, exponential or random.';
