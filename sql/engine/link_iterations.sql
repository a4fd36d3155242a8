create or replace function reprise_engine.link_iterations(revision reprise.flow_revisions)
returns void
language sql volatile
set search_path = ''
set enable_nestloop = off -- as where the tasks are saved
as $$
  with own as materialized (
    select t.key, t.type, t.definition, t.parent_key, t.branch, t.lane
    from reprise.tasks as t
    where t.namespace = link_iterations.revision.namespace and t.flow_id = link_iterations.revision.flow_id
      and t.revision = link_iterations.revision.revision
  ), behind as materialized (
    select
      own.parent_key,
      min(own.key) filter (where own.branch = 'errors') as errors,
      min(own.key) filter (where own.branch = 'finally') as finally,
      min(own.key) filter (where own.branch = 'outputs') as outputs,
      bool_or(own.branch = 'tasks') as has_tasks,
      bool_or(reprise_engine.tolerated_in(around.type, around.definition) = 'KILLED') as is_tolerant
    from own
    join own as around on around.key = own.parent_key and around.type like '%.flow.Loop'
    where own.lane = 0
    group by own.parent_key, around.key
    having bool_or(own.branch <> 'tasks')
  )
  update reprise.tasks as t
  set
    leave_key = case t.branch
      when 'outputs' then null
      when 'finally' then b.outputs
      else coalesce(b.finally, b.outputs)
    end,
    -- What fails the loop has no outputs to give.
    failed_key = case when t.branch = 'tasks' then coalesce(b.errors, b.finally, case when b.is_tolerant then b.outputs end) end,
    -- An iteration in which all is disabled begins with what comes behind.
    lane = case when t.branch = 'tasks' then t.lane when not b.has_tasks and t.key = coalesce(b.finally, b.outputs) then 0 end
  from behind as b
  where t.parent_key = b.parent_key and t.lane is not null
    and t.namespace = link_iterations.revision.namespace and t.flow_id = link_iterations.revision.flow_id
    and t.revision = link_iterations.revision.revision;
$$;

comment on function reprise_engine.link_iterations is
  'Links the lists of each Loop of a new revision: in an iteration `errors` come behind what failed, `finally` behind both, and its outputs at the end.';
