import { checkUnique, entriesOf } from "./check-unique.ts";
import type { Findings, Path } from "./issue.ts";
import { notYet } from "./refusals.ts";
import { isWritten, type Written } from "./written.ts";

/** Types that would be given without what they promise: secrets in the clear, YAML unread. */
const laterTypes: ReadonlySet<unknown> = new Set(["SECRET", "YAML", "FORM"]);

/** Checks what the schema of the outputs of a flow or a Loop cannot say. */
export function checkOutputs(written: Written, findings: Findings, at: Path = []): void {
  const outputs = entriesOf(written, "outputs").map((entry) => ({ ...entry, path: [...at, ...entry.path] }));
  checkUnique("output", outputs, findings);
  for (const { value, path } of outputs) {
    if (!isWritten(value) || !laterTypes.has(value.type)) continue;
    notYet(findings, [...path, "type"], `Outputs of type \`${value.type}\``, { atKey: false });
  }
}
