-- Which inputs nobody gave, so that a replay knows which it may render anew when what they read changes.

alter table reprise.executions
  add column defaulted_inputs text[] not null default '{}';
comment on column reprise.executions.defaulted_inputs is
  'The ids of the inputs that were not given, and whose values a worker has made of their defaults.';
