-- Which lanes of a block a replay goes through again that carries a failure in it.

alter table reprise.blocks add column lane_numbers integer[];
comment on column reprise.blocks.lane_numbers is
  'The numbers of its lanes, in their order, where not all of the list run: behind a failure that a replay carries only those that had begun.';
