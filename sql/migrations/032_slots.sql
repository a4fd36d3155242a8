-- The slots of a flow are counted in the order of an index that no other gives, so that no statistics make the planner look through all
-- that its executions are.

drop index reprise.executions_slots_idx;
create index executions_slots_idx on reprise.executions (namespace, flow_id, queued_at) where holds_slot;
