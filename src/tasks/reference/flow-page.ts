import { isDeepStrictEqual } from "node:util";
import type { JsonSchema } from "../../flow/reference/json-schema.ts";
import { definitions, pick, schema } from "./definitions.ts";
import { page } from "./markdown.ts";
import { propertyTable } from "./property-table.ts";

/** What stands at the top of a flow, and in its parts. */
export function flowPage(): string {
  const part = (title: string, name: string, text = "") =>
    [`## ${title}`, text, tables(definitions[name] ?? {})].filter((each) => each !== "").join("\n\n");
  return page(
    "Flows",
    propertyTable(schema, definitions),
    part("Inputs", "input", "An input is told apart by its type."),
    part("Outputs", "output"),
    part("Retries", "retry", "For a task, or for all tasks of a flow that have none of their own."),
    part("Concurrency", "concurrency"),
    part("SLAs", "sla"),
    part("Checks", "check"),
    part(
      "Plugin defaults",
      "pluginDefault",
      "What a task does not say is taken from the entries for its type, and from those for what its type begins with: from the type " +
        "itself before a beginning, from a longer one before a shorter one, from the first of the list before the next. Forced entries " +
        "win over the task, in the same order. They hold for every map with a `type`, in blocks and inside of tasks, too.",
    ),
    "```yaml\npluginDefaults:\n  - type: io.kestra.plugin.core.http.\n    values:\n      timeout: PT5M\n  - type: io.kestra.plugin.core.log.Log\n    forced: true\n    values:\n      level: DEBUG\n```",
  );
}

/** One table, or one for each type. */
function tables(part: JsonSchema): string {
  if (part.oneOf === undefined) return propertyTable(part, definitions);
  const shared = sharedNames(part.oneOf);
  const typed = part.oneOf.map((each) => {
    const own = Object.keys(each.properties ?? {}).filter((name) => !shared.includes(name));
    return `### ${String(each.properties?.type?.const)}\n\n${propertyTable(pick(each, own), definitions)}`;
  });
  return [propertyTable(pick(part.oneOf[0] ?? {}, shared), definitions), ...typed].join("\n\n");
}

/** The properties that all alternatives have alike. */
function sharedNames([first, ...others]: readonly JsonSchema[]): string[] {
  return Object.entries(first?.properties ?? {})
    .filter(([, part]) => part.const === undefined)
    .filter(([name, part]) => others.every(({ properties }) => isDeepStrictEqual(properties?.[name], part)))
    .map(([name]) => name);
}
