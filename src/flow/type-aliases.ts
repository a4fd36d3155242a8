const CORE = "io.kestra.plugin.core";
const FORMER = "io.kestra.core.tasks";
const SERDES = "io.kestra.plugin.serdes";

/** The types that had another package once, by that package and the one they are in now. */
const moved: Readonly<Record<string, { to: string; names: readonly string[] }>> = {
  [`${FORMER}.debugs`]: { to: `${CORE}.debug`, names: ["Echo", "Return"] },
  [`${FORMER}.executions`]: { to: `${CORE}.execution`, names: ["Fail", "Labels"] },
  [`${FORMER}.flows`]: {
    to: `${CORE}.flow`,
    names: [
      ...["AllowFailure", "Dag", "EachParallel", "EachSequential", "If", "Parallel", "Pause", "Sequential"],
      ...["Switch", "Template", "WorkingDirectory"],
    ],
  },
  [`${FORMER}.log`]: { to: `${CORE}.log`, names: ["Fetch", "Log"] },
  [`${FORMER}.states`]: { to: `${CORE}.state`, names: ["Delete", "Get", "Set"] },
  [`${FORMER}.storages`]: {
    to: `${CORE}.storage`,
    names: ["Concat", "DeduplicateItems", "Delete", "FilterItems", "LocalFiles", "Reverse", "Size", "Split"],
  },
  [`${FORMER}.templating`]: { to: `${CORE}.templating`, names: ["TemplatedTask"] },
  "io.kestra.plugin.fs.http": { to: `${CORE}.http`, names: ["Download", "Request"] },
};

/** The types that had another name, too. */
const renamed: Readonly<Record<string, string>> = {
  [`${FORMER}.executions.Counts`]: `${CORE}.execution.Count`,
  [`${FORMER}.flows.Flow`]: `${CORE}.flow.Subflow`,
  [`${FORMER}.flows.Worker`]: `${CORE}.flow.WorkingDirectory`,
  [`${FORMER}.storages.Purge`]: `${CORE}.execution.PurgeExecutions`,
  [`${CORE}.storage.Purge`]: `${CORE}.execution.PurgeExecutions`,
  [`${FORMER}.storages.PurgeExecution`]: `${CORE}.storage.PurgeCurrentExecutionFiles`,
  [`${CORE}.storage.PurgeExecution`]: `${CORE}.storage.PurgeCurrentExecutionFiles`,
};

/** The formats whose converters were once called after what they read or write. */
const formats = { avro: "Avro", csv: "Csv", json: "Json", parquet: "Parquet", xml: "Xml" };

const converters = Object.entries(formats).flatMap(([place, format]): [string, string][] => [
  [`${SERDES}.${place}.${format}Reader`, `${SERDES}.${place}.${format}ToIon`],
  [`${SERDES}.${place}.${format}Writer`, `${SERDES}.${place}.IonTo${format}`],
]);

/** The names that types have now, by those that they once had. */
export const currentTypes: ReadonlyMap<string, string> = new Map([
  ...Object.entries(renamed),
  ...converters,
  ...Object.entries(moved).flatMap(([from, { to, names }]) =>
    names.map((name): [string, string] => [`${from}.${name}`, `${to}.${name}`]),
  ),
]);

/** The names that a task type once had. */
export function formerNames(type: string): string[] {
  return [...currentTypes].flatMap(([former, now]) => (now === type ? [former] : []));
}

/** The name that a task type has now, where flows may still call it by the name that it once had. */
export function currentType(type: string): string {
  return currentTypes.get(type) ?? type;
}
