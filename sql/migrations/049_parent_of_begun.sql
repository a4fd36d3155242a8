-- Templates see the block around a task run as `taskrun.parentId`.

alter type reprise.begun_attempt add attribute parent_id bigint;
