-- How a child has ended, and what it counts as in a ForEachItem, are two things.

alter table reprise.subflows
  add column is_counted_failed boolean not null default false;
comment on column reprise.subflows.is_counted_failed is
  'Whether it counts as failed however it has ended, since what its flow gives could not be rendered.';
