-- Blocks without a limit that are so wide that their lanes begin in waves, as workers come to them.

alter table reprise.blocks
  add column wave integer,
  add constraint blocks_wave_check check (wave >= 1);
create index blocks_wave_idx on reprise.blocks (task_run_id) where wave is not null;
comment on column reprise.blocks.wave is
  'How many lanes may be open until the job behind them is taken; empty when all may. In a very wide block without a limit each lane that '
  'ends hands its place to the next, which needs no job then; and the number doubles whenever workers have come to all that was there.';
