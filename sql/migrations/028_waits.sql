-- What people see of executions that wait.

create type reprise.wait_kind as enum ('HELD', 'BREAKPOINT', 'PAUSE', 'SLOT');
comment on type reprise.wait_kind is
  'What an execution waits for: whoever has paused it as a whole or set a breakpoint, a Pause in it, or a slot of its flow. What is resumed first comes first.';
