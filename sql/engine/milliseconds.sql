create or replace function reprise_engine.milliseconds(duration interval)
returns bigint
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  -- Not by extract, which gives a numeric: of a thousand durations that is felt.
  select (date_part('epoch', milliseconds.duration) * 1000)::bigint;
$$;

comment on function reprise_engine.milliseconds is 'How many milliseconds a duration has, rounded.';
