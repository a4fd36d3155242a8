import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** What a task of type `test.Block` waits for. */
export interface Gate {
  /** The file that opens it: the task's property `until`. */
  readonly file: string;
  /** Opens it; one of several that share its name, `<file>-<part>`, when a part is given. */
  open(part?: string): void;
}

const folder = mkdtempSync(join(tmpdir(), "reprise-gates-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;

/** Makes a gate that is shut. It is a file, so that it opens for tasks in any process. */
export function aGate(): Gate {
  made += 1;
  const file = join(folder, String(made));
  return { file, open: (part) => writeFileSync(part === undefined ? file : `${file}-${part}`, "") };
}
