create or replace function reprise_engine.changed_keys(
  target_key integer,
  ran_key integer,
  changed_variables text[],
  changed_inputs text[],
  changed_defaults text[],
  changed_labels text[],
  changed_outputs text[],
  changed_numbers text[]
)
returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_target reprise.tasks;
  v_ran reprise.tasks;
  v_reads_all boolean;
  v_keys text[];
begin
  select * into v_target from reprise.tasks as t where t.key = target_key;
  select * into v_ran from reprise.tasks as t where t.key = ran_key;
  v_reads_all := (v_target.reads ->> 'all')::boolean;

  select array_agg(changed.key order by changed.rank, changed.key) into v_keys
  from (
    select 1 as rank, coalesce(new.key, old.key) as key
    from jsonb_each(v_target.definition::jsonb || jsonb_build_object('type', v_target.type)) as new
    full join jsonb_each(v_ran.definition::jsonb || jsonb_build_object('type', v_ran.type)) as old on old.key = new.key
    where v_target.fingerprint <> v_ran.fingerprint
      and new.value is distinct from old.value and coalesce(new.key, old.key) not in ('id', 'description')

    union all
    select 2, 'defaults.' || d.id
    from unnest(changed_keys.changed_defaults) as d (id)
    where reprise_engine.reads_input(v_target.reads, d.id)

    union all
    select 3, 'variables.' || v.name
    from unnest(changed_keys.changed_variables) as v (name)
    where v_reads_all or (v_target.reads -> 'variables') ?| array[v.name, '*']

    union all
    select 4, 'inputs.' || i.id
    from unnest(changed_keys.changed_inputs) as i (id)
    where reprise_engine.reads_input(v_target.reads, i.id)

    union all
    select 5, 'labels.' || l.key
    from unnest(changed_keys.changed_labels) as l (key)
    where v_target.reads_labels

    union all
    select 6, 'outputs.' || o.id
    from unnest(changed_keys.changed_outputs) as o (id)
    where (v_target.reads -> 'outputs') ? o.id
      -- What may read every output reads those before it: keys are in the order of the flow.
      or v_reads_all and exists (
        select
        from reprise.tasks as t
        where t.namespace = v_target.namespace and t.flow_id = v_target.flow_id and t.id = o.id and (
          t.revision = v_target.revision and t.key < v_target.key
          or t.revision = v_ran.revision and t.key < v_ran.key
        )
      )

    union all
    select 7, n.name
    from unnest(changed_keys.changed_numbers) as n (name)
    where v_reads_all or (v_target.reads -> 'numbers') ? n.name
  ) as changed;

  return v_keys;
end;
$$;

comment on function reprise_engine.changed_keys is
  'What differs for a task between what an attempt ran with and what it would run with now: its own properties, and of what changed in '
  'variables, inputs, defaults of inputs, labels, outputs of other tasks and numbers of iterations, that which it reads. Null when nothing does.';
