-- Words that came to be after the column.
comment on column reprise.replay_plan_task.reason is
  'Why, in one word: anchor, after, not_ended, around, around_exit, exits, unstopped, revalued, kept, inserted_in, inserted_with, inside, decided, raced, handles, not_chosen, '
  'not_needed, unchanged, overridden, changed, failed, inserted, not_reached, removed, disabled, held_back, exited, cut_off.';
