-- What runs without a worker counts its attempts like all else, though none is stored: so they go on in replays and restarts. Until now a view added the one.

update reprise.task_runs as r
set attempt_number = r.attempt_number + 1
from reprise.tasks as t
where t.key = r.task_key and t.is_inline and r.carried_attempt_id is null and r.state not in ('BREAKPOINT', 'SKIPPED')
  and not exists (select from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number);
