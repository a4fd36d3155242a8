-- Loops that go through maps, and that end well whatever becomes of their iterations.

alter table reprise.iterations add column item text;
comment on column reprise.iterations.item is
  'In a loop over a map what stands under the key, and value is the key, which tells iterations apart; else empty.';

alter table reprise.blocks add column tolerated reprise.execution_state;
alter table reprise.blocks add constraint blocks_tolerated_check check (tolerated in ('WARNING', 'KILLED'));
comment on column reprise.blocks.tolerated is
  'The worst end of a task in it that changes nothing about its own: in a Loop WARNING, in one that transmits no failures KILLED, and then '
  'none stops it either. In other blocks empty.';

alter type reprise.replay_node add attribute is_tolerant boolean;

comment on column reprise.replay_plan_task.reason is
  'Why, in one word: anchor, after, not_ended, around, revalued, inserted_in, inserted_with, inside, decided, handles, not_chosen, not_needed, '
  'unchanged, overridden, changed, failed, inserted, not_reached, removed, disabled, held_back.';
