create or replace function reprise_engine.replay_labels(original reprise.executions, target_revision integer)
returns jsonb
language sql stable
set search_path = ''
as $$
  select
    (
      select coalesce(jsonb_object_agg(l.key, l.value), '{}')
      from jsonb_each(replay_labels.original.labels - 'system.restarted') as l
      where replay_labels.original.flow_revision = replay_labels.target_revision
        -- A label that only repeats what the old revision defined goes with that revision.
        or l.value is distinct from was.definition -> 'labels' -> l.key
    )
    || case
      when replay_labels.original.flow_revision = replay_labels.target_revision then '{}'
      else coalesce(target.definition -> 'labels', '{}')
    end
    || '{"system.replay": "true"}'
  from reprise.flow_revisions as was
  join reprise.flow_revisions as target on target.namespace = was.namespace and target.flow_id = was.flow_id
  where was.namespace = replay_labels.original.namespace and was.flow_id = replay_labels.original.flow_id
    and was.revision = replay_labels.original.flow_revision
    and target.revision = replay_labels.target_revision;
$$;

comment on function reprise_engine.replay_labels is
  'The labels of a replay: the original''s, those that the revision defines taken from the target revision, and system.replay.';
