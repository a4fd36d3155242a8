import { isBelowNpm } from "../../base/config.ts";

/** Below npm the program is not on the path: there, `npx reprise` finds it. */
const callName = isBelowNpm ? "npx reprise" : "reprise";

/** Writes the commands of a text the way this one was called, so that they can be copied and run. */
export function asCalled(text: string): string {
  return text.replace(/(?<!npx )\breprise (?=[a-z-])/g, `${callName} `);
}
