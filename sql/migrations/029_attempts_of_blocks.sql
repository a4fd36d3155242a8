-- An attempt of a block is shown to end as the block does, and a task run that was skipped to have an attempt. Neither is stored so.

alter type reprise.attempt_state add value 'CANCELLED';
alter type reprise.attempt_state add value 'RETRIED';
alter type reprise.attempt_state add value 'SKIPPED';
comment on type reprise.attempt_state is
  'Where an attempt stands. RESUBMITTED: its worker was lost, and another attempt took its place. CANCELLED, RETRIED and SKIPPED are shown of '
  'blocks and of what never ran, and not stored.';
