create or replace function reprise_engine.planned_number(
  disposition reprise.disposition,
  reason text,
  kind reprise.task_kind,
  attempt_number integer,
  is_overridden boolean,
  ends_anew boolean
)
returns integer
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    when planned_number.reason in ('kept', 'until') then planned_number.attempt_number
    when planned_number.disposition = 'REOPENED' and planned_number.kind = 'FOR_EACH' and planned_number.reason not in ('revalued', 'rewritten') and planned_number.ends_anew is null
      then null
    when planned_number.disposition in ('RERUN', 'NEW', 'UNKNOWN', 'NOT_REACHED')
      or planned_number.disposition = 'REOPENED'
        and (planned_number.reason in ('revalued', 'rewritten') or planned_number.kind in ('LOOP_UNTIL', 'FOR_EACH') and planned_number.ends_anew)
      or planned_number.disposition = 'CARRIED' and planned_number.is_overridden
      then coalesce(planned_number.attempt_number, 0) + 1
    -- One that is put around what has run, or was stopped before it had begun, begins now.
    when planned_number.disposition = 'REOPENED' then greatest(planned_number.attempt_number, 1)
    else planned_number.attempt_number
  end;
$$;

comment on function reprise_engine.planned_number is
  'The number of the attempt that a task run will show last in a replay, by what the plan does with it and why; null where that will be seen. '
  'ends_anew: whether a loop that goes on has another attempt at its end, since it comes to its condition again or shows other iterations.';
