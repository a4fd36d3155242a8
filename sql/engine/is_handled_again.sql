create or replace function reprise_engine.is_handled_again(node reprise.replay_node, block reprise.replay_node, original reprise.executions)
returns boolean
language sql immutable
set search_path = ''
as $$
  select is_handled_again.node.task_run_id is not null
    or case
      when is_handled_again.node.around is null then is_handled_again.original.ended_at is not null
        and (is_handled_again.node.branch <> 'errors' or is_handled_again.original.state = 'FAILED')
      -- In a Loop they are an iteration's, and may have had nothing to handle.
      else coalesce(reprise_engine.is_terminal(is_handled_again.block.state::text), false) and is_handled_again.block.state <> 'SKIPPED'
        and (is_handled_again.node.branch <> 'errors' or is_handled_again.block.state = 'FAILED' and is_handled_again.node.lane is null)
    end;
$$;

comment on function reprise_engine.is_handled_again is
  'Whether what stands in a list of handlers ran in the original, or would have, had it been there: what a replay can start from.';
