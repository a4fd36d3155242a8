-- In a loop a task mostly reads what ran in its own iteration, as `outputs.a[taskrun.value]` does. Beginning it read that of all
-- iterations, so that a loop of ten thousand cost its square.

alter table reprise.tasks add column reads_own integer[];
comment on column reprise.tasks.reads_own is
  'How many of the loops around each of reads_tasks, from the outermost, are surely at what they are at for the reader: what other iterations gave '
  'is nothing to it. Empty where that is none.';

-- A revision that was saved before `own` was written down says so of Loops alone.
update reprise.tasks as t
set reads_own = said.counts
from (
  select t.key, array_agg(own.count order by read.place) as counts
  from reprise.tasks as t
  cross join lateral unnest(t.reads_task_ids) with ordinality as read (id, place)
  cross join lateral (
    select count(*)::integer as count
    from jsonb_array_elements_text(coalesce(t.reads -> 'own', t.reads -> 'loops') -> read.id) with ordinality as step (step, place)
    where step.step::integer = step.place - 1
  ) as own
  where coalesce(t.reads -> 'own', t.reads -> 'loops') is not null
  group by t.key
) as said
where t.key = said.key and 0 <> any (said.counts);
