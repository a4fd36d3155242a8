/** The parts of a jq program. `isOptional`: it gives nothing where there can be no such part; its target may still fail. */
export type Node =
  | { kind: "identity" }
  | { kind: "recurse" }
  | { kind: "literal"; value: unknown }
  | { kind: "string"; parts: (string | Node)[]; format: string | undefined }
  | { kind: "format"; name: string }
  | { kind: "index"; target: Node; key: Node; isOptional?: boolean }
  | { kind: "slice"; target: Node; from: Node | undefined; to: Node | undefined; isOptional?: boolean }
  | { kind: "iterate"; target: Node; isOptional?: boolean }
  | { kind: "array"; body: Node | undefined }
  | { kind: "object"; entries: { key: Node; value: Node }[] }
  | { kind: "negate"; body: Node }
  | { kind: "pipe" | "comma" | "and" | "or"; left: Node; right: Node }
  | { kind: "alternative"; left: Node; right: Node }
  | { kind: "binary"; operator: string; left: Node; right: Node }
  | { kind: "assign"; operator: string; left: Node; right: Node }
  | { kind: "if"; condition: Node; then: Node; otherwise: Node }
  | { kind: "try"; body: Node; handler: Node | undefined }
  | { kind: "reduce"; source: Node; pattern: Pattern; start: Node; update: Node }
  | { kind: "foreach"; source: Node; pattern: Pattern; start: Node; update: Node; extract: Node | undefined }
  | { kind: "bind"; source: Node; pattern: Pattern; body: Node }
  | { kind: "define"; definition: Definition; body: Node }
  | { kind: "call"; name: string; args: Node[] }
  | { kind: "variable"; name: string }
  | { kind: "label"; name: string; body: Node }
  | { kind: "break"; name: string };

/** A function of the program. `$name` as a parameter is a value, `name` a filter. */
export interface Definition {
  name: string;
  parameters: string[];
  body: Node;
}

/** What `as` takes apart. */
export type Pattern =
  | { kind: "name"; name: string }
  | { kind: "list"; items: Pattern[] }
  | { kind: "map"; entries: { key: Node; name: string | undefined; value: Pattern | undefined }[] };
