create or replace function reprise_engine.tend_task_caches(batch integer default 1000)
returns integer
language sql volatile
set search_path = ''
as $$
  -- One that somebody is taking outputs from waits for the next time.
  select reprise_engine.drop_task_caches(coalesce(array_agg(expired.id), '{}'))
  from (
    select c.id
    from reprise.task_caches as c
    where c.expires_at <= reprise_engine.clock()
    order by c.expires_at
    limit tend_task_caches.batch
    for update skip locked
  ) as expired;
$$;

comment on function reprise_engine.tend_task_caches is 'Drops task caches that are older than their ttl. Returns how many.';
