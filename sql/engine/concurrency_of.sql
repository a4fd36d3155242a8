create or replace function reprise_engine.concurrency_of(kind reprise.task_kind, type text, definition json)
returns integer
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    -- A worker renders a template.
    when json_typeof(concurrency_of.definition -> 'concurrent') = 'string' then null
    when concurrency_of.type like any ('{%.ForEach,%.flow.Loop}') then nullif(coalesce((concurrency_of.definition ->> 'concurrencyLimit')::integer, 1), 0)
    when concurrency_of.type like '%.EachSequential' then 1
    when reprise_engine.is_wide(concurrency_of.kind, concurrency_of.type) then nullif((concurrency_of.definition ->> 'concurrent')::integer, 0)
  end;
$$;

comment on function reprise_engine.concurrency_of is 'How many lanes of a block may be open at once; null without a limit.';
