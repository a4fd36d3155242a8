create or replace function reprise_engine.replay_labels(original reprise.executions, target_revision integer)
returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(label.key, label.value) filter (where label.value is not null), '{}') || '{"system.replay": "true"}'
  from (
    select
      coalesce(kept.key, new.key) as key,
      case
        -- The revision says of it what it said before: it stays as it is, also where somebody gave it another value.
        when new.value is not distinct from old.value then kept.value
        when new.value is not null then new.value
        when kept.value <> old.value then kept.value
      end as value
    from jsonb_each(replay_labels.original.labels - 'system.restarted') as kept
    full join reprise_engine.revision_labels(replay_labels.original, replay_labels.target_revision) as new on new.key = kept.key
    left join reprise_engine.revision_labels(replay_labels.original, (replay_labels.original).flow_revision) as old
      on old.key = coalesce(kept.key, new.key)
  ) as label;
$$;

comment on function reprise_engine.replay_labels is
  'The labels of a replay: the original''s, those that the target revision changes taken from that, and system.replay.';
