import { didYouMean, nearest, nearestType } from "./suggest.ts";

/** Where the task types are told. */
const list = "docs/tasks.md and docs/blocks.md list the task types that there are.";

/** What is said of a task type that is none of those that are known: a slip, or that of a plugin of Kestra's that Reprise does not have. */
export function unknownTaskType(
  type: string,
  known: Iterable<string>,
): { reason: string; message: string; hint: string } {
  const types = [...known];
  if (isOfOtherPlugin(type, types)) {
    const message = `\`${type}\` is a task of a plugin of Kestra's that Reprise does not have.`;
    return { reason: "not_supported", message, hint: list };
  }
  const message = `Unknown task type \`${type}\`.`;
  return { reason: "unknown_task_type", message, hint: didYouMean(nearestType(type, types)) ?? list };
}

/** Whether a type is in a package of Kestra's plugins beside those that we have tasks of, and in none that is nearly called so. */
function isOfOtherPlugin(type: string, types: readonly string[]): boolean {
  const plugin = pluginOf(type);
  const ours = new Set(types.flatMap((each) => pluginOf(each) ?? []));
  return plugin !== undefined && !ours.has(plugin) && nearest(plugin, ours) === undefined;
}

function pluginOf(type: string): string | undefined {
  return /^io\.kestra\.plugin\.([^.]+)\../.exec(type)?.[1];
}
