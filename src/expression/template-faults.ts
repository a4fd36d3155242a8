import { didYouMean } from "./bind-arguments.ts";
import { checkCall } from "./compile-call.ts";
import { namesMadeIn, parametersOf } from "./compile-template.ts";
import { callsIn } from "./constant-faults.ts";
import { ExpressionSyntaxError } from "./expression-error.ts";
import { parse } from "./parser.ts";
import { type Reference, readsOf } from "./reads.ts";
import type { Block } from "./syntax-tree.ts";
import { withoutFault } from "./without-fault.ts";

/** More than anybody reads of one template. */
const MOST_FAULTS = 20;

/** What is known of a template that does not parse or calls what is not there. */
export interface FaultyTemplate {
  /** Everything that is wrong in it, and not only the first of it. */
  faults: ExpressionSyntaxError[];
  /** What the sound parts of it refer to. */
  references: readonly Reference[];
  /** The template with blanks where it does not parse: places in it are the same. Empty if nothing can be told. */
  sound: string;
}

/** Reads a template that cannot be compiled, for `error`, as far as it can be read. */
export function readFaulty(source: string, error: ExpressionSyntaxError): FaultyTemplate {
  const faults: ExpressionSyntaxError[] = [];
  let sound: string | undefined = source;
  let references: readonly Reference[] = [];
  let isTold = false;
  while (sound !== undefined && faults.length < MOST_FAULTS) {
    try {
      const root = parse(sound);
      faults.push(...callFaults(root));
      references = referencesOf(root);
      break;
    } catch (fault) {
      if (!(fault instanceof ExpressionSyntaxError)) throw fault;
      isTold ||= isSamePlace(fault, error);
      const { text, unclosed } = withoutFault(sound, fault);
      const told = unclosed === undefined ? fault : neverClosed(unclosed);
      // What is left of a statement may lack its end again.
      if (!faults.some((known) => isSamePlace(known, told) && known.message === told.message))
        faults.push(told);
      sound = text;
    }
  }
  const all = isTold || faults.some((fault) => isSamePlace(fault, error)) ? faults : [error, ...faults];
  all.sort((one, other) => one.line - other.line || one.column - other.column);
  return { faults: all.slice(0, MOST_FAULTS), references, sound: sound ?? "" };
}

function isSamePlace(one: ExpressionSyntaxError, other: ExpressionSyntaxError): boolean {
  return one.line === other.line && one.column === other.column;
}

function neverClosed({ line, column }: { line: number; column: number }): ExpressionSyntaxError {
  return new ExpressionSyntaxError("A string is never closed: a quote is missing.", line, column);
}

function callFaults(root: Block): ExpressionSyntaxError[] {
  const macros = new Map(
    namesMadeIn(root).macros.map(({ name, args }) => [
      name.value,
      { parameters: parametersOf(args).map((parameter) => parameter.name) },
    ]),
  );
  return callsIn(root).flatMap((call) => {
    try {
      checkCall(call, macros);
      return [];
    } catch (error) {
      if (error instanceof ExpressionSyntaxError) return [error];
      throw error;
    }
  });
}

/** What is misspelt may be meant to guard: `defualt('x')`. */
function referencesOf(root: Block): readonly Reference[] {
  for (const call of callsIn(root)) {
    if (call.typename === "FunCall") continue;
    const guard = call.typename === "Filter" ? "default" : "defined";
    if (didYouMean(call.name.value, [guard]) !== "") call.name.value = guard;
  }
  const { locals, macros } = namesMadeIn(root);
  return readsOf(root, locals, new Set(macros.map(({ name }) => name.value))).references;
}
