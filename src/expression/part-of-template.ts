/** A template so short is quoted whole, as Kestra does, and nobody has to look for what is meant. */
const LONGEST_WHOLE = 100;

/** Where a node of a template begins; both count from 0. */
interface Place {
  lineno: number;
  colno: number;
}

/** Gives what of a template is quoted where something in it fails: of a long one the expression or tag that a node is of. */
export type PartOf = (node: Place) => string;

/** Prepares that: of a template of two megabytes each part has to be found without looking through all that is before it. */
export function partsOfTemplate(source: string): PartOf {
  if (source.length <= LONGEST_WHOLE) return () => source;
  const lines = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) lines.push(at + 1);
  return ({ lineno, colno }) => {
    const at = (lines[lineno] ?? 0) + colno;
    const start = source.startsWith("{{", at) ? at : source.lastIndexOf("{%", at);
    return source.slice(start, endOfPart(source, start));
  };
}

/** What ends a bracket or a string. */
const ENDS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", '"': '"', "'": "'" };

/** Behind the end of an expression or tag, which is read as the tokenizer does. It has been parsed, so it has one. */
function endOfPart(source: string, start: number): number {
  const due: string[] = []; // what ends the brackets and strings that are open, innermost last
  for (let at = start + 2; at < source.length; at += 1) {
    const character = source.charAt(at);
    const last = due.at(-1);
    if (last === '"' || last === "'") {
      if (character === last) due.pop();
      else if (character === "\\") at += 1;
      else if (last === '"' && source.startsWith("#{", at)) {
        due.push("}");
        at += 1;
      }
    } else if (character === last) due.pop();
    else if (last === undefined && (source.startsWith("}}", at) || source.startsWith("%}", at)))
      return at + 2;
    else if (Object.hasOwn(ENDS, character)) due.push(ENDS[character] as string);
  }
  return source.length;
}
