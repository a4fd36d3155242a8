create or replace function reprise_engine.reads_input(reads jsonb, input_id text)
returns boolean
language sql immutable
as $$
  -- A template may read less than an input (a field of a JSON) or more (all that share the front of their ids, or all there are).
  select (reads_input.reads ->> 'all')::boolean or exists (
    select
    from jsonb_array_elements_text(reads_input.reads -> 'inputs') as read (id)
    where read.id in (reads_input.input_id, '*')
      or starts_with(read.id, reads_input.input_id || '.')
      or starts_with(reads_input.input_id, read.id || '.')
  );
$$;

comment on function reprise_engine.reads_input is 'Whether what a task reads includes an input, in whole or in part; `*` stands for all of them.';
