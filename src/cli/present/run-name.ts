/** Of a longer value only its ends are told. */
const LONGEST = 32;
const HEAD = 12;

/**
 * What a task run is called for a person: its task, and in loops the values of those around it, outermost first, as `load[eu, 2026-01-01]`. Of
 * long values, such as the URIs of files, the middle is left out: most differ at their ends.
 */
export function runName(taskId: string, iterationPath: readonly string[] | null): string {
  return iterationPath === null ? taskId : `${taskId}[${iterationPath.map(shortened).join(", ")}]`;
}

function shortened(value: string): string {
  const letters = [...value];
  if (letters.length <= LONGEST) return value;
  return `${letters.slice(0, HEAD).join("")}…${letters.slice(HEAD + 1 - LONGEST).join("")}`;
}
