-- A plan says of each task which block it stands in, so that carrying it need not ask for that again.

alter type reprise.replay_plan_task add attribute around integer;
comment on column reprise.replay_plan_task.around is 'The place, from 1, at which the plan lists the block that it stands in; empty at the top of the flow.';
