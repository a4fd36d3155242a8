create or replace function reprise_engine.changed_values(
  ran_execution_id uuid,
  target_revision integer,
  inputs json,
  labels jsonb,
  out changed_variables text[],
  out changed_inputs text[],
  out changed_defaults text[],
  out changed_labels text[]
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_ran reprise.executions;
  v_was jsonb; -- In what order keys were written makes no difference.
  v_is jsonb;
begin
  select * into v_ran from reprise.executions as e where e.id = ran_execution_id;
  select r.definition into v_was
  from reprise.flow_revisions as r
  where r.namespace = v_ran.namespace and r.flow_id = v_ran.flow_id and r.revision = v_ran.flow_revision;
  select r.definition into v_is
  from reprise.flow_revisions as r
  where r.namespace = v_ran.namespace and r.flow_id = v_ran.flow_id and r.revision = target_revision;

  select coalesce(array_agg(coalesce(new.key, old.key)), '{}') into changed_variables
  from jsonb_each(v_is -> 'variables') as new
  full join jsonb_each(v_was -> 'variables') as old on old.key = new.key
  where new.value is distinct from old.value;

  select
    coalesce(array_agg(i.id) filter (
      where (changed_values.inputs #> string_to_array(i.id, '.'))::jsonb is distinct from (v_ran.inputs #> string_to_array(i.id, '.'))::jsonb
    ), '{}'),
    coalesce(array_agg(i.id) filter (where i.is_in_both and i.new_defaults is distinct from i.old_defaults), '{}')
  into changed_inputs, changed_defaults
  from (
    select
      coalesce(new.input, old.input) ->> 'id' as id,
      new.input is not null and old.input is not null as is_in_both,
      new.input -> 'defaults' as new_defaults,
      old.input -> 'defaults' as old_defaults
    from jsonb_array_elements(v_is -> 'inputs') as new (input)
    full join jsonb_array_elements(v_was -> 'inputs') as old (input) on old.input ->> 'id' = new.input ->> 'id'
  ) as i;

  select coalesce(array_agg(coalesce(new.key, old.key)), '{}') into changed_labels
  from jsonb_each(changed_values.labels) as new
  full join jsonb_each(v_ran.labels) as old on old.key = new.key
  where new.value is distinct from old.value and not starts_with(coalesce(new.key, old.key), 'system.');
end;
$$;

comment on function reprise_engine.changed_values is
  'What a task would read otherwise on the target revision, with these inputs and labels, than it did in the execution in which it ran: the '
  'names of variables, the ids of inputs and of inputs with another default, and the keys of labels.';
