/** The names that task types once had, and have now. Flows may go on with the old ones. */
export const presentNames: ReadonlyMap<string, string> = new Map([
  ["io.kestra.core.tasks.flows.Subflow", "io.kestra.plugin.core.flow.Subflow"],
  ["io.kestra.core.tasks.flows.ForEachItem", "io.kestra.plugin.core.flow.ForEachItem"],
  ["io.kestra.plugin.core.flow.WaitFor", "io.kestra.plugin.core.flow.LoopUntil"],
]);

/** The name that a type has now, if that is another one. */
export function presentName(type: string): string | undefined {
  return presentNames.get(type);
}
