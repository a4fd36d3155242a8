create or replace function reprise_engine.find_request(idempotency_key text, request_hash text)
returns reprise.executions
language plpgsql volatile
set search_path = ''
set enable_seqscan = off -- a plan that was made when there were few executions stays in use when there are many
as $$
declare
  v_execution reprise.executions;
begin
  if idempotency_key is null then
    return null;
  end if;

  select * into v_execution from reprise.executions as e where e.idempotency_key = find_request.idempotency_key;
  if found and v_execution.request_hash <> find_request.request_hash then
    raise exception 'Idempotency key `%` was used for another request.', find_request.idempotency_key
      using
        errcode = 'RP409', detail = 'idempotency_key_reused',
        hint = format('It made execution %s. Use a new key for a new request.', v_execution.id);
  end if;

  return v_execution;
end;
$$;

comment on function reprise_engine.find_request is
  'The execution that an idempotency key has already made, or null. Raises RP409 when the key was used for another request.';
