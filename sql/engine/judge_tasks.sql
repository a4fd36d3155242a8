create or replace function reprise_engine.judge_tasks(nodes reprise.replay_node[], places integer[], opened integer[])
returns reprise.fate[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
declare
  v_around integer[] := '{}';
  v_opened integer[] := opened;
  v_undecided integer[] := '{}';
  v_loose integer[] := '{}';
  v_behind integer[] := '{}';
  v_wraps integer[] := '{}';
  v_fates reprise.fate[];
begin
  if exists (select from unnest(nodes) as n where n.around is not null) then
    v_around := reprise_engine.find_around(nodes, places || opened);
    v_opened := v_around || opened;
    v_undecided := reprise_engine.find_undecided(nodes);
    -- A block that ended well is opened again for the sake of what the target revision has put into it.
    v_loose := reprise_engine.find_around(nodes, reprise_engine.find_put_in(nodes));
    v_behind := reprise_engine.find_dependents(nodes, places || v_opened);
    v_wraps := reprise_engine.find_wraps(nodes);
  end if;

  with cuts as materialized (
    -- Where in each list the first anchor stands, or the first block around one.
    select n.around, n.branch, n.iteration, min(p.place) as place
    from unnest(places || v_opened) as p (place)
    cross join lateral (select (nodes[p.place]).*) as n
    where not n.is_wide
    group by n.around, n.branch, n.iteration
  ), judged as (
    select
      n.*, n.ordinality::integer as place, c.place as cut, n.ordinality = any (v_loose) as is_loose,
      case
        when n.task_key is null then 'REMOVED'
        when n.ordinality = any (places) or c.place < n.ordinality or n.ordinality = any (v_behind)
          -- What was left out, or came to its end first, has chosen nothing to go on with.
          or n.ordinality = any (v_opened || v_loose) and (n.state = 'SKIPPED' or n.ordinality = any (v_undecided)) then 'RERUN'
        when n.ordinality = any (v_opened) and n.task_run_id is not null or n.ordinality = any (v_wraps) then 'REOPENED'
        when n.state in ('SUCCESS', 'WARNING', 'SKIPPED') or n.state = 'FAILED' and reprise_engine.handler_rank(n.branch) is not null and n.branch <> 'outputs'
          or n.is_overridden and n.task_run_id is not null then case
          -- Whatever is put into a WorkingDirectory needs all of it: its files are gone.
          when n.ordinality = any (v_loose) and n.kind = 'WORKING_DIRECTORY' then 'RERUN'
          when n.ordinality = any (v_loose) then 'REOPENED'
          when n.changed_keys is null or n.is_overridden then 'CARRIED'
          else 'CARRIED_CHANGED'
        end
        when n.task_run_id is null then 'NEW'
        when n.state = 'FAILED' then 'CARRIED_FAILED'
        when reprise_engine.is_block(n.kind) and n.kind <> 'PAUSE'
          -- Behind a failure nothing runs in a WorkingDirectory: where it was stopped then, all that is left is what handles that.
          and (n.kind <> 'WORKING_DIRECTORY' or n.ordinality <> all (v_loose) and n.ordinality in (
            select f.around from unnest(nodes) as f where f.around is not null and f.branch = 'tasks' and f.state = 'FAILED' and not f.is_overridden
          ))
          and (n.attempt_id is not null or reprise_engine.needs_no_worker(n.kind)) and n.ordinality <> all (v_undecided) then 'REOPENED'
        else 'RERUN'
      end as disposition
    from unnest(nodes) with ordinality as n
    left join cuts as c
      on coalesce(c.around, 0) = coalesce(n.around, 0) and c.branch = n.branch and coalesce(c.iteration, -1) = coalesce(n.iteration, -1) and not n.is_wide
  )
  select array_agg(
    row(
      j.place, j.disposition,
      case j.disposition
        when 'REMOVED' then 'removed'
        when 'CARRIED' then case when j.is_overridden then 'overridden' else 'unchanged' end
        when 'CARRIED_CHANGED' then 'changed'
        when 'CARRIED_FAILED' then 'failed'
        when 'NEW' then case when j.is_inserted then 'inserted' else 'not_reached' end
        when 'REOPENED' then case
          -- A loop that goes on where its values may be others finds them anew.
          when j.kind = 'FOR_EACH' and (j.changed_keys is not null and not j.is_overridden or j.place = any (v_wraps)) then 'revalued'
          when j.place = any (v_wraps) then 'wraps'
          when j.place = any (v_around) then 'around'
          when j.place = any (v_opened) then 'unstopped'
          when j.is_loose then 'inserted_in'
          else 'not_ended'
        end
        when 'RERUN' then case
          when j.place = any (places) then 'anchor'
          when j.cut < j.place or j.place = any (v_behind) then 'after'
          when j.is_loose and j.state in ('SUCCESS', 'WARNING', 'SKIPPED') then 'inserted_with'
          else 'not_ended'
        end
      end,
      case
        when j.disposition = 'RERUN' and j.cut < j.place then j.cut
        when j.place = any (v_behind) and j.place <> all (places)
          then (select min(p.place) from unnest(places || v_opened) as p (place) where (nodes[p.place]).around = j.around)
      end
    )::reprise.fate
    order by j.place
  ) into v_fates
  from judged as j;

  return coalesce(v_fates, '{}');
end;
$$;

comment on function reprise_engine.judge_tasks is
  'What becomes of each task where the block around it is open, or it stands in no block, as far as itself and its list tell: everything behind the first '
  'anchor of a list, or the first block around one, runs again; what has ended before it is carried, and what had not ended runs too. A block '
  'around an anchor, or with something new in it, goes on.';
