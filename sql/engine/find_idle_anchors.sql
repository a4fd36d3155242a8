create or replace function reprise_engine.find_idle_anchors(tasks reprise.replay_plan_task[], places integer[])
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  select case
    when count(*) > 0 and bool_and(t.reason is not distinct from 'not_needed') then array[row(
      'nothing_reached',
      format('`%s` would not run: nothing that it handles had happened. Start at a task that it stands for, or at another.', min(t.task_id)), min(t.task_id), true
    )::reprise.replay_problem]
    -- Where nothing runs at all, that is said already.
    when count(*) > 0 and bool_and(t.reason is not distinct from 'held_back')
        and exists (select from unnest(find_idle_anchors.tasks) as r where r.disposition in ('RERUN', 'NEW')) then array[row(
      'anchor_not_reached',
      format('`%s` would not run: it stands behind `%s`, which failed and is carried. Start there.', min(t.task_id), min(t.because_of)), min(t.task_id), false
    )::reprise.replay_problem]
    when count(*) > 0 and bool_and(t.reason is not distinct from 'not_chosen' or t.reason is not distinct from 'gone')
        and exists (select from unnest(find_idle_anchors.tasks) as r where r.disposition in ('RERUN', 'NEW')) then array[row(
      'anchor_not_reached',
      format(
        '`%s` would not run: %s', min(t.task_id),
        case
          when bool_or(t.reason = 'gone') then format('`%s` does not go through its value any more. Start at another.', min(t.because_of))
          else format('`%s` has not come to it in the original, and does not choose anew. Start there.', min(t.because_of))
        end
      ), min(t.task_id), false
    )::reprise.replay_problem]
    else '{}'
  end
  from unnest(find_idle_anchors.places) as p (place)
  cross join lateral (select (find_idle_anchors.tasks[p.place]).*) as t;
$$;

comment on function reprise_engine.find_idle_anchors is
  'What there is to say of a replay that starts nowhere but at handlers of failures that there were not, behind failures that it carries, or where nothing comes to. places: where the anchors stand in the plan.';
