create or replace function reprise_engine.tend_logs(keep_days integer default 30)
returns integer
language plpgsql volatile
set search_path = ''
set timezone = 'UTC'
set lock_timeout = '2s'
as $$
declare
  v_day date;
  v_partition text;
  v_dropped integer := 0;
begin
  if not pg_try_advisory_xact_lock(20290, -2) then
    return 0;
  end if;

  -- A day that has begun in the default partition stays there: moving its lines would lock out every writer.
  for v_day in select generate_series(1, 7) + reprise_engine.clock()::date loop
    v_partition := 'logs_' || to_char(v_day, 'YYYYMMDD');
    if to_regclass('reprise.' || v_partition) is null
      and not exists (select from reprise.logs_default as l where l.logged_at >= v_day and l.logged_at < v_day + 1)
    then
      execute format('create table reprise.%I (like reprise.logs including defaults including constraints)', v_partition);
      execute format(
        'alter table reprise.logs attach partition reprise.%I for values from (%L) to (%L)', v_partition, v_day, v_day + 1
      );
    end if;
  end loop;

  for v_partition in
    select c.relname
    from pg_catalog.pg_inherits as i
    join pg_catalog.pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'reprise.logs'::regclass and c.relname ~ '^logs_\d{8}$'
      and to_date(substring(c.relname from 6), 'YYYYMMDD') < reprise_engine.clock()::date - tend_logs.keep_days
  loop
    execute format('drop table reprise.%I', v_partition);
    v_dropped := v_dropped + 1;
  end loop;
  delete from reprise.logs_default as l
  where l.logged_at < reprise_engine.clock() - tend_logs.keep_days * interval '1 day';

  return v_dropped;
end;
$$;

comment on function reprise_engine.tend_logs is
  'Makes the partitions of the next seven days of logs, and drops those older than the days to keep. Returns how many it dropped.';
