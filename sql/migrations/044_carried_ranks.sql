-- So that a change of variables in a replay need not look at all the others.

alter table reprise.executions add column carried_rank bigint;
comment on column reprise.executions.carried_rank is
  'The highest rank of the changes of variables that a replay has carried, if there are any: what is made again with a lower one comes before them.';

create index variable_changes_attempt_id_idx on reprise.variable_changes (attempt_id);
create index variable_changes_rank_idx on reprise.variable_changes (execution_id, rank);
drop index reprise.variable_changes_execution_id_idx;
