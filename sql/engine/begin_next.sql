create or replace function reprise_engine.begin_next(
  worker_id integer,
  openings reprise.opening[],
  retrying bigint[],
  room integer,
  accepted text[]
)
returns bigint[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_split record;
  v_begun bigint[];
begin
  select
    coalesce(array_agg(o.opening) filter (where o.place <= begin_next.room), '{}') as mine,
    coalesce(array_agg(o.opening) filter (where o.place > begin_next.room), '{}') as others
  into v_split
  from (
    select
      opening,
      row_number() over (order by t.job_identifier = any (begin_next.accepted) desc)
        + case when t.job_identifier = any (begin_next.accepted) then 0 else begin_next.room end as place
    from unnest(begin_next.openings) as opening
    cross join lateral (select t.job_identifier from reprise.tasks as t where t.key = opening.task_key offset 0) as t
  ) as o;

  v_begun := reprise_engine.begin_tasks(begin_next.worker_id, v_split.mine);
  perform reprise_engine.enqueue_task_runs(begin_next.retrying || reprise_engine.open_tasks(v_split.others))
  where begin_next.retrying <> '{}' or v_split.others <> '{}';
  return v_begun;
end;
$$;

comment on function reprise_engine.begin_next is
  'What is come to begins at once for the worker that reports, as far as it has room and can run it; what is left, and what tries again, becomes jobs. Returns the '
  'ids of the attempts that have begun.';
