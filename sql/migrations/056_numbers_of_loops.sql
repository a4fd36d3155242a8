-- A LoopUntil that goes on has an attempt behind each iteration, and nobody knows before how many it goes through.
comment on column reprise.replay_plan_task.attempt_number is
  'Carried: the number of the attempt it shows, 0 where it had none. To run: the number that its first attempt will have. A block that goes on: the number of the attempt that '
  'it shows at its end, and empty for a Loop of which only the run will tell: it has another attempt where its iterations end, or give, something else than it had shown; but of a '
  'LoopUntil the number of the attempt that asks its condition next, behind which each further iteration has another, or where it fails again before that, the one it has.';
