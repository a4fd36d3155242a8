create or replace function reprise_engine.changed_keys(
  target_key integer,
  ran_key integer,
  ran_execution_id uuid,
  inputs jsonb,
  overrides jsonb
)
returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_keys text[] := '{}';
  v_target reprise.tasks;
  v_ran reprise.tasks;
  v_reads_all boolean;
begin
  select * into v_target from reprise.tasks as t where t.key = target_key;
  select * into v_ran from reprise.tasks as t where t.key = ran_key;
  v_reads_all := (v_target.reads ->> 'all')::boolean;

  if v_target.fingerprint <> v_ran.fingerprint then
    select v_keys || coalesce(array_agg(coalesce(new.key, old.key) order by coalesce(new.key, old.key)), '{}') into v_keys
    from (
      select key, value from jsonb_each(v_target.definition || jsonb_build_object('type', v_target.type))
    ) as new
    full join (
      select key, value from jsonb_each(v_ran.definition || jsonb_build_object('type', v_ran.type))
    ) as old on old.key = new.key
    where new.value is distinct from old.value and coalesce(new.key, old.key) not in ('id', 'description');
  end if;

  if v_target.revision <> v_ran.revision then
    v_keys := v_keys || reprise_engine.changed_defaults(v_target, v_ran);

    select v_keys || coalesce(array_agg('variables.' || coalesce(new.key, old.key) order by coalesce(new.key, old.key)), '{}')
    into v_keys
    from reprise_engine.revision_variables(v_target) as new
    full join reprise_engine.revision_variables(v_ran) as old on old.key = new.key
    where new.value is distinct from old.value
      and (v_reads_all or (v_target.reads -> 'variables') ? coalesce(new.key, old.key));
  end if;

  if ran_execution_id is not null and (v_reads_all or v_target.reads -> 'inputs' <> '[]') then
    select v_keys || coalesce(array_agg('inputs.' || coalesce(new.key, old.key) order by coalesce(new.key, old.key)), '{}')
    into v_keys
    from jsonb_each(changed_keys.inputs) as new
    full join (
      select i.key, i.value
      from reprise.executions as e
      cross join lateral jsonb_each(e.inputs) as i
      where e.id = changed_keys.ran_execution_id
    ) as old on old.key = new.key
    where new.value is distinct from old.value
      and (
        v_reads_all
        or exists (
          select
          from jsonb_array_elements_text(v_target.reads -> 'inputs') as read (id)
          where split_part(read.id, '.', 1) = coalesce(new.key, old.key)
        )
      );
  end if;

  select v_keys || coalesce(array_agg('outputs.' || o.id order by o.id), '{}') into v_keys
  from jsonb_object_keys(overrides) as o (id)
  where v_reads_all or (v_target.reads -> 'outputs') ? o.id;

  return v_keys;
end;
$$;

comment on function reprise_engine.changed_keys is
  'What differs for a task between what an attempt ran with and what it would run with now: its own properties, and the variables, '
  'inputs, defaults of inputs and overridden outputs that it reads.';
