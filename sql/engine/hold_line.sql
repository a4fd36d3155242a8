create or replace function reprise_engine.hold_line(original reprise.executions)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_ids uuid[] := array[original.id];
begin
  if original.original_id is not null then
    with recursive line (id, original_id) as (
      select original.id, original.original_id
      union all
      select e.id, e.original_id
      from line as l
      cross join lateral (select e.id, e.original_id from reprise.executions as e where e.id = l.original_id offset 0) as e
    )
    select array_agg(l.id) into v_ids from line as l;
  end if;
  perform from reprise.executions as e where e.id = any (v_ids) order by e.id for key share;
end;
$$;

comment on function reprise_engine.hold_line is
  'Takes key locks on an execution that is to be replayed and on all that it came from, by id: a replay names task runs and attempts of any of them. They hold up nothing but '
  'who deletes such, a purge or a restart, and that must not come between finding what is named and naming it.';
