create or replace function reprise_engine.warn_of_defaults(original reprise.executions, target_revision integer, inputs json)
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(
    row(
      'default_not_taken',
      format(
        'Revision %s has another default for input `%s`, `%s`. The replay keeps what the original had, `%s`: give it the value that it shall have.',
        warn_of_defaults.target_revision, i.id, left(i.is_now, 100), left(i.was, 100)
      ),
      null, false
    )::reprise.replay_problem
    order by i.id
  ), '{}')
  from (
    select new.input ->> 'id' as id, old.input ->> 'defaults' as was, new.input ->> 'defaults' as is_now
    from reprise.flow_revisions as r
    cross join lateral json_array_elements(r.definition -> 'inputs') as new (input)
    join reprise.flow_revisions as o
      on o.namespace = original.namespace and o.flow_id = original.flow_id and o.revision = original.flow_revision
    cross join lateral json_array_elements(o.definition -> 'inputs') as old (input)
    where r.namespace = original.namespace and r.flow_id = original.flow_id and r.revision = target_revision
      and old.input ->> 'id' = new.input ->> 'id' and new.input ->> 'type' <> 'SECRET'
  ) as i
  -- Nobody has given it, as far as can be told; templates are rendered anew where what they read has changed.
  where i.was <> i.is_now and i.was !~ '\{[{%]' and i.is_now !~ '\{[{%]'
    and original.inputs #>> string_to_array(i.id, '.') = i.was and warn_of_defaults.inputs #>> string_to_array(i.id, '.') = i.was;
$$;

comment on function reprise_engine.warn_of_defaults is
  'Inputs that a replay keeps as the default of its original, where the target revision has another: inputs are those of the replay.';
