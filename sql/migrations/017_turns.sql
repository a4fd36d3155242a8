-- A restart runs again everything that had failed, in the order of the lists that it stands in.

-- Nearly never set, and costs a row nothing where it is not.
alter table reprise.task_runs add column is_put_off boolean;
comment on column reprise.task_runs.is_put_off is
  'True while it waits for its turn, since something before it in its list, or in that of a block around it, runs again too. Else empty.';
