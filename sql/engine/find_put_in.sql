create or replace function reprise_engine.find_put_in(nodes reprise.replay_node[])
returns integer[]
language sql immutable
set search_path = ''
as $$
  select array(
    select n.ordinality::integer
    from unnest(find_put_in.nodes) with ordinality as n
    join unnest(find_put_in.nodes) with ordinality as block
      on block.ordinality = n.around and (block.decision = n.branch or n.branch = 'outputs')
    where n.is_inserted and not n.in_handler and block.task_run_id is not null
  );
$$;

comment on function reprise_engine.find_put_in is
  'What the target revision of a replay has put into lists that blocks of the original had run, by its places among the nodes.';
