-- A restart has a retry budget of its own, as a replay has: the tries of an execution, and the time that they may take, count from there.

alter table reprise.executions
  drop constraint executions_try_check,
  add constraint executions_try_check check (try >= 1 and (first_tried_at is not null or try = 1));
comment on column reprise.executions.try is
  'How many executions the retry budget has seen that a retry created one after the other, this one included; starts anew in any other replay, and in a restart.';
comment on column reprise.executions.first_tried_at is 'When the first of these was created, or restarted last; empty for the first itself, where nobody has restarted that.';
