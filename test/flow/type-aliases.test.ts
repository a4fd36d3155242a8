import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";

const typeOf = (type: string, rest: string) => {
  const { flow, issues } = readFlow(
    `id: f\nnamespace: company.team\ntasks:\n  - { id: a, type: ${type}${rest} }\n`,
    taskTypes,
  );
  assert.deepEqual(
    issues.filter(({ severity }) => severity === "ERROR"),
    [],
  );
  return flow?.tasks.find(({ id }) => id === "a");
};

const SERDES = "io.kestra.plugin.serdes";

const log = "{ id: b, type: io.kestra.core.tasks.log.Log, message: x }";

describe("a task type by a name that it once had", () => {
  for (const [former, current, rest] of [
    ["io.kestra.core.tasks.log.Log", "io.kestra.plugin.core.log.Log", ", message: x"],
    ["io.kestra.core.tasks.debugs.Return", "io.kestra.plugin.core.debug.Return", ", format: x"],
    ["io.kestra.plugin.fs.http.Download", "io.kestra.plugin.core.http.Download", ", uri: http://x"],
    ["io.kestra.core.tasks.flows.Sequential", "io.kestra.plugin.core.flow.Sequential", `, tasks: [${log}]`],
    [
      "io.kestra.core.tasks.executions.Counts",
      "io.kestra.plugin.core.execution.Count",
      ", namespaces: [a], startDate: '2024-01-01T00:00:00Z', expression: '{{ count > 1 }}'",
    ],
    [
      "io.kestra.plugin.core.storage.Purge",
      "io.kestra.plugin.core.execution.PurgeExecutions",
      ", endDate: '2024-01-01T00:00:00Z'",
    ],
    [
      "io.kestra.core.tasks.storages.PurgeExecution",
      "io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles",
      "",
    ],
    ...["avro.Avro", "csv.Csv", "json.Json", "parquet.Parquet", "xml.Xml"].flatMap((name) => {
      const [place, format] = name.split(".");
      return [
        [`${SERDES}.${name}Reader`, `${SERDES}.${place}.${format}ToIon`, ", from: 'kestra:///x'"],
        [`${SERDES}.${name}Writer`, `${SERDES}.${place}.IonTo${format}`, ", from: 'kestra:///x'"],
      ] as const;
    }),
  ] as const)
    it(`is ${current} for ${former}`, () => {
      const task = typeOf(former, rest);
      assert.deepEqual([task?.type, task?.jobIdentifier], [current, current]);
      assert.equal(task?.fingerprint, typeOf(current, rest)?.fingerprint);
    });
});
