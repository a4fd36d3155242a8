-- What goes on without a slot: looked through for each flow that limits how many run at once, in which there should be none.

create index executions_slotless_idx on reprise.executions (namespace, flow_id)
where ended_at is null and state <> 'QUEUED' and not holds_slot and not is_scheduled;
