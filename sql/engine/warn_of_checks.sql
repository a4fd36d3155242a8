create or replace function reprise_engine.warn_of_checks(original reprise.executions, target_revision integer, inputs json)
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  select array(
    select row(
      'checks_not_asked',
      'The checks of the flow have not been asked: a worker does that before the first task, and they may end the replay then. The command line and GraphQL ask them for a plan.',
      null, false
    )::reprise.replay_problem
    from reprise.flow_revisions as r
    where r.namespace = warn_of_checks.original.namespace and r.flow_id = warn_of_checks.original.flow_id
      and r.revision = warn_of_checks.target_revision and reprise_engine.asks_checks(warn_of_checks.original, r, warn_of_checks.inputs)
  );
$$;

comment on function reprise_engine.warn_of_checks is
  'That a plan does not know what the checks of a flow will say of a replay, where they are to be asked and nobody who renders templates has done so.';
