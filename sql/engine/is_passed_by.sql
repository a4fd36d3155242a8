create or replace function reprise_engine.is_passed_by(kind reprise.task_kind, decision text, is_left_out boolean, branch text)
returns boolean
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select reprise_engine.handler_rank(is_passed_by.branch) is null
    and (is_passed_by.is_left_out or is_passed_by.kind in ('IF', 'SWITCH') and is_passed_by.branch is distinct from is_passed_by.decision);
$$;

comment on function reprise_engine.is_passed_by is
  'Whether a block that goes by what it has decided, or was left out, does not come to a list of its tasks: what stands there has run elsewhere, if at all.';
