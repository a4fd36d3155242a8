create or replace function reprise_engine.first_added()
returns integer
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select 1000000;
$$;

comment on function reprise_engine.first_added is
  'From where on a plan counts iterations that the target revision adds to a loop: behind all that the original can have had.';
