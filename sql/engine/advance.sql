create or replace function reprise_engine.advance(
  ended bigint[],
  openings reprise.opening[] default '{}',
  blocks bigint[] default '{}'
)
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_ended bigint[] := ended;
  v_openings reprise.opening[] := openings;
  v_blocks bigint[] := blocks;
  v_free reprise.opening[] := '{}';
  v_ways record;
  v_reached record;
  v_more record;
begin
  -- The end of a task run may end the block around it, which may be the last of another; and a task that is come to may be a block,
  -- whose first may be a block. Each round goes one level up and one level down, for all of them at once. Blocks are opened before
  -- anything else: one that is about to looks to those around it as if nobody had come to it.
  loop
    if v_blocks <> '{}' then
      select * into v_more from reprise_engine.open_blocks(v_blocks);
      v_openings := v_openings || v_more.openings;
      v_ended := v_ended || v_more.ended;
    end if;

    select * into v_ways from reprise_engine.follow(v_ended);
    v_openings := v_openings || v_ways.openings || reprise_engine.leave_lists(v_ways.left_executions, v_ways.left_lists);
    v_ended := '{}';
    if v_ways.block_ids <> '{}' then
      select * into v_more from reprise_engine.end_lanes(v_ways.block_ids, v_ways.states, v_ways.is_over, v_ways.stops, v_free);
      v_openings := v_openings || v_more.openings;
      v_ended := v_more.ended;
    end if;

    select * into v_reached from reprise_engine.reach(v_openings);
    v_free := v_free || v_reached.free;
    v_ended := v_ended || v_reached.passed;
    v_blocks := v_reached.blocks;
    v_openings := '{}';
    exit when v_ended = '{}' and v_blocks = '{}';
  end loop;

  return v_free;
end;
$$;

comment on function reprise_engine.advance is
  'What follows from task runs that have ended, from executions coming to tasks, and from blocks that know what they have to run: lists '
  'go on, blocks open and end, executions close. Returns the tasks that are left for the caller to open. The caller holds the locks of their executions.';
