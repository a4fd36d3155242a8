create or replace function reprise_engine.assert_not_retried(execution reprise.executions)
returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if execution.state = 'RETRIED' then
    raise exception 'Execution % was retried: a new execution takes its place.', execution.id
      using errcode = 'RP409', detail = 'execution_retried', hint = 'Take the last of its line, or replay this one.';
  end if;
end;
$$;

comment on function reprise_engine.assert_not_retried is 'Refuses to go on with an execution in whose place another runs, or will.';
