/** Pebble's precedences. `??` and `isIn` bind tighter than `~` and the filters, as in Kestra. */
export const PRECEDENCES: Readonly<Record<string, number>> = {
  or: 10,
  and: 15,
  is: 20,
  contains: 20,
  "==": 30,
  equals: 30,
  "!=": 30,
  ">": 30,
  "<": 30,
  ">=": 30,
  "<=": 30,
  "+": 40,
  "-": 40,
  "*": 60,
  "/": 60,
  "%": 60,
  "|": 100,
  "~": 110,
  "??": 120,
  "???": 120,
  isIn: 120,
  "..": 120,
};
/** `not a == b` is `(not a) == b`, as in Pebble. */
export const UNARY_PRECEDENCE = 500;

/** Words that are operators, and so no names. */
export const OPERATOR_WORDS = ["and", "or", "not", "is", "contains", "equals", "isIn"];
