-- An attempt of an Exit is stored to end as that says.

comment on type reprise.attempt_state is
  'Where an attempt stands. RESUBMITTED: its worker was lost, and another attempt took its place. CANCELLED is stored of an Exit alone; it, '
  'RETRIED and SKIPPED are shown of blocks and of what never ran, and not stored.';
