-- What task runs name of each other is held like the rest of what they name, a whole statement at once: a foreign key asks for each row, even where
-- it names nothing, and a ForEach of ten thousand would have locked its row ten thousand times. sql/triggers/references.sql has the triggers. What one
-- follows may go: then it follows nothing.

alter table reprise.task_runs
  drop constraint task_runs_parent_id_fkey,
  drop constraint task_runs_original_id_fkey;

-- Whoever looks at a part of a revision reads that part, and no other revision: keys are in the order of the flow.
create index tasks_order_idx on reprise.tasks (namespace, flow_id, revision, key) include (parent_key, kind, is_disabled);
