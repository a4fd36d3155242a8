create or replace function reprise_engine.first_openings(replay_id uuid, tasks reprise.replay_plan_task[])
returns reprise.opening[]
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select array_agg(row(first_openings.replay_id, first.task_key, null, null, null)::reprise.opening)
    from (
      select t.task_key, t.disposition
      from unnest(first_openings.tasks) with ordinality as t
      where t.disposition in ('RERUN', 'NEW', 'REOPENED', 'CARRIED_FAILED')
      order by t.ordinality
      limit 1
    ) as first
    where first.disposition <> 'CARRIED_FAILED' and not (select k.is_handler from reprise.tasks as k where k.key = first.task_key)
  );
end;
$$;

comment on function reprise_engine.first_openings is
  'What a replay opens first, which its plan knows. Behind a failure that is carried nothing is, and handlers have a way of their own to be come to: then null.';
