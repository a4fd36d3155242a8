-- How often a LoopUntil had gone through its tasks when a maximum ended it: what it shows is one more.

alter table reprise.attempts
  add column last_iteration integer,
  add constraint attempts_last_iteration_check check (last_iteration >= 1);
comment on column reprise.attempts.last_iteration is
  'Of a LoopUntil that ends by this attempt: the iteration, from 1, whose tasks stand in it. Where a maximum ends it, its outputs show one more.';
