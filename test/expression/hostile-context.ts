class Secretive {
  own = "private";
  method() {
    return "called";
  }
}

/** A context that holds what no template may see, beside plain data. */
export const context = {
  inputs: { x: "text", n: 1, list: [1, "a"], map: { a: { b: 1 } } },
  vars: { key: "constructor", proto: "__proto__" },
  // Nothing of this should be there; if it is, it cannot be reached.
  hostile: {
    call: () => process.exit(1),
    object: new Secretive(),
    date: new Date(0),
    symbol: Symbol("s"),
    regex: /x/,
  },
};

/** Names that lead to functions and prototypes in JavaScript, or to classes in Java. */
export const FORBIDDEN = [
  "constructor",
  "__proto__",
  "prototype",
  "valueOf",
  "toLocaleString",
  "isPrototypeOf",
  "__lookupGetter__",
  "getClass",
  "hasOwnProperty",
  "__defineGetter__",
  "call",
  "apply",
  "bind",
];
/** Expressions to look them up on. */
export const TARGETS = [
  "inputs",
  "inputs.x",
  "inputs.n",
  "inputs.list",
  "inputs.map",
  "inputs.map.a",
  "'text'",
  "5",
  "[1]",
  "{'a': 1}",
  "hostile.object",
  "hostile.date",
  "true",
  "loopless ?? 'x'",
];
