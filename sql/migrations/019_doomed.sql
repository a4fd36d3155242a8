-- A plan knows that a block fails again in which a failure is carried, unless it allows that.

alter type reprise.replay_node 
  add attribute allows_failure boolean,
  add attribute is_serial boolean;
