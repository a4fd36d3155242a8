create or replace function reprise_engine.judged_problems(judgement jsonb, known reprise.replay_problem[])
returns reprise.replay_problem[]
language sql immutable
set search_path = ''
as $$
  select coalesce(array_agg(row(p.code, p.message, null, p."isBlocking")::reprise.replay_problem), '{}')
  from jsonb_to_recordset(coalesce(nullif(judged_problems.judgement -> 'problems', 'null'), '[]')) as p (code text, message text, "isBlocking" boolean)
  where not exists (select from unnest(judged_problems.known) as k where k.message = p.message);
$$;

comment on function reprise_engine.judged_problems is
  'The problems of a replay that only templates tell, as whoever can render them has found them, without those that are known already.';
