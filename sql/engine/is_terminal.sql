create or replace function reprise_engine.is_terminal(state text)
returns boolean
language sql immutable
as $$
  select is_terminal.state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED');
$$;

comment on function reprise_engine.is_terminal is 'Whether a state of an execution or a task run is one in which it has ended.';
