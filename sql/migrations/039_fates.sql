-- What a plan works with on its way from task runs to what becomes of them.

create type reprise.fate as (
  place integer,
  disposition reprise.disposition,
  reason text,
  because_of integer
);
comment on type reprise.fate is
  'What becomes of one of the nodes of a replay, all of which are known by their places: why, in one word, and because of which other.';

create type reprise.carried_failure as (
  place integer,
  cause integer,
  is_uncertain boolean
);
comment on type reprise.carried_failure is
  'A failure that a replay carries, as it reaches one of its nodes: the place of the node, that of what had failed, and whether what stands '
  'between them may turn out otherwise.';
