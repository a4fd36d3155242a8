create or replace function reprise_engine.assert_attempt_stores(attempt_id bigint)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_state reprise.attempt_state;
begin
  -- Shared, so that the attempt cannot end between this check and the commit, while its other files go on.
  select a.state
  into v_state
  from reprise.attempts a
  where a.id = assert_attempt_stores.attempt_id
  for share;

  if v_state is distinct from 'RUNNING' then
    raise exception 'Attempt % is not running, so it cannot store files.', assert_attempt_stores.attempt_id
      using errcode = 'RP409', detail = 'attempt_not_running', hint = 'Another attempt has taken its place, or its execution was killed.';
  end if;
end;
$$;

comment on function reprise_engine.assert_attempt_stores is
  'Refuses the files of an attempt that is over, such as one whose worker was taken for dead and came back.';
