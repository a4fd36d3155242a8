import { checkUnique, entriesOf } from "./check-unique.ts";
import type { Findings, Path } from "./issue.ts";
import type { Written } from "./written.ts";

/** Checks what the schema of the outputs of a flow or a Loop cannot say. */
export function checkOutputs(written: Written, findings: Findings, at: Path = []): void {
  const outputs = entriesOf(written, "outputs").map((entry) => ({ ...entry, path: [...at, ...entry.path] }));
  checkUnique("output", outputs, findings);
}
