create or replace function reprise_engine.fail_blocks(
  task_run_ids bigint[],
  out openings reprise.opening[],
  out ended bigint[]
)
language plpgsql volatile
set search_path = ''
as $$
begin
  -- As if what handles errors had come to its end: that is for what fails in a block.
  insert into reprise.blocks (task_run_id, branch, lanes, width, verdict)
  select failed.id, 'errors', 0, 1, 'FAILED'
  from unnest(fail_blocks.task_run_ids) as failed (id)
  on conflict on constraint blocks_pkey do update set branch = excluded.branch, lanes = 0, begun_lanes = 0, open_lanes = 0, verdict = 'FAILED';

  select l.openings, l.ended into openings, ended from reprise_engine.leave_blocks(fail_blocks.task_run_ids) as l;
end;
$$;

comment on function reprise_engine.fail_blocks is
  'Blocks have failed by themselves, and not by what is in them: they go on to what they finally run, and then end. The caller holds the locks '
  'of their executions.';
