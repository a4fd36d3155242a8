/** A name behind a dash: what it is written behind, as `outputs` and `get-` for the `file` of `outputs.get-file`. */
export interface Dashed {
  root: "outputs" | "inputs" | "vars";
  before: string;
}

type NameBehindDash = (place: { line: number; column: number }) => Dashed | undefined;

/**
 * Finds them all in a template, by where they stand; both count from 1. A text of two megabytes may have one in every ten characters: each
 * is found without looking through what is before it.
 */
export function dashedNames(text: string): NameBehindDash {
  if (!text.includes("-")) return () => undefined;
  const lines = text.split("\n").map((line) => [...line.matchAll(chain)].flatMap(namesOf));
  const byLine = lines.map((names) => new Map(names));
  return ({ line, column }) => byLine[line - 1]?.get(column);
}

/** Up to the last dash: what stands behind it may be any name. */
const chain = /\b(outputs|inputs|vars)\.\w+(?:-\w+)*-/g;

function namesOf({ 0: chain, 1: root, index }: RegExpExecArray): [column: number, Dashed][] {
  const start = `${root}.`.length;
  return [...chain.matchAll(/-/g)].map(({ index: dash }) => [
    index + dash + 2,
    { root: root as Dashed["root"], before: chain.slice(start, dash + 1) },
  ]);
}
