-- A child that an Exit, a kill or a limit has ended did not come to say what its flow gives; for a ForEachItem that stands beside its batch.

alter table reprise.subflows add column outputs json;
comment on column reprise.subflows.outputs is
  'What the flow of the child gives, of what has run, where the child ended before it came to that: a ForEachItem gathers it.';
