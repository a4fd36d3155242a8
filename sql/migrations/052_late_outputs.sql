-- Of a task whose templates cannot be seen through, each attempt was handed all that the execution had given so far. A loop of 1,600
-- values that renders a text of an input took minutes, though the text mostly reads one task, or none.

alter table reprise.workers add column fetches_outputs boolean not null default false;
comment on column reprise.workers.fetches_outputs is
  'Whether it fetches by itself what a template reads that cannot be seen through, when the template comes to it; an older one is handed everything.';
