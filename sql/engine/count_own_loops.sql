create or replace function reprise_engine.count_own_loops(reads jsonb, task_ids text[])
returns integer[]
language sql immutable
set search_path = ''
as $$
  select case when 0 <> any (array_agg(own.count)) then array_agg(own.count order by read.place) end
  from unnest(count_own_loops.task_ids) with ordinality as read (id, place)
  cross join lateral (
    -- Steps are in order, so that those which are their own places are the first, without a gap.
    select count(*)::integer as count
    from jsonb_array_elements_text(count_own_loops.reads -> 'own' -> read.id) with ordinality as step (step, place)
    where step.step::integer = step.place - 1
  ) as own;
$$;

comment on function reprise_engine.count_own_loops is
  'How many of the loops around each of some tasks, from the outermost, a reader reads in its own iteration only, by what its templates say; null where that is none.';
