-- Executions that were ended at once, and what these have started, which ends with them.
--
-- Whoever ends an execution at once may hold others that sort behind its children, and so takes no locks of these: he leaves a mark, and a
-- job that says so.

alter table reprise.executions
  add column has_orphans boolean not null default false,
  add constraint executions_has_orphans_check check (not has_orphans or ended_at is not null);
create index executions_orphans_idx on reprise.executions (ended_at) where has_orphans;
comment on column reprise.executions.has_orphans is
  'Whether it was ended at once, and what it has started is yet to be killed. Nearly always false; what stays longer than a moment gets a job again.';
