create or replace function reprise_engine.assert_plan(
  plan reprise.replay_plan,
  plan_hash text,
  mode reprise.replay_mode,
  overrides json
)
returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_problem reprise.replay_problem;
begin
  if plan_hash is not null and plan_hash <> reprise_engine.hash_plan(plan, mode, overrides) then
    raise exception 'The plan for execution % has changed since it was made.', plan.execution_id
      using errcode = 'RP409', detail = 'plan_changed', hint = 'Look at the new plan, and pass its hash.';
  end if;

  select * into v_problem from unnest(plan.problems) as p where p.is_blocking limit 1;
  if found then
    raise exception '%', (
      select string_agg(p.message, E'\n') from unnest(plan.problems) as p where p.is_blocking
    )
      using errcode = 'RP422', detail = v_problem.code, hint = 'The plan shows every problem: reprise replay … --plan.';
  end if;
end;
$$;

comment on function reprise_engine.assert_plan is
  'Raises RP409 when a plan is not the one that the caller has seen, and RP422 when a problem blocks it.';
