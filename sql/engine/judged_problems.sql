create or replace function reprise_engine.judged_problems(judgement json, known reprise.replay_problem[])
returns reprise.replay_problem[]
language sql immutable
set search_path = ''
as $$
  select coalesce(array_agg(row(p.code, p.message, null, p."isBlocking")::reprise.replay_problem), '{}')
  from json_to_recordset(coalesce(reprise_engine.unless_null(judged_problems.judgement -> 'problems'), '[]')) as p (code text, message text, "isBlocking" boolean)
  where not exists (select from unnest(judged_problems.known) as k where k.message = p.message);
$$;

comment on function reprise_engine.judged_problems is
  'The problems of a replay that only templates tell, as whoever can render them has found them, without those that are known already.';
