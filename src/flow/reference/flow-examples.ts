/** Examples of the parts of a flow, by where they are shown: texts below `id` and `namespace`. What has no tasks gets some. */
export const flowExamples = {
  flow: `description: Says how many rides there were.
labels:
  team: rides
inputs:
  - id: month
    type: STRING
    defaults: 2024-05
variables:
  title: Rides of {{ inputs.month }}
tasks:
  - id: count
    type: io.kestra.plugin.core.debug.Return
    format: "{{ render(vars.title) }}: 12"
  - id: say
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.count.value }}"
errors:
  - id: complain
    type: io.kestra.plugin.core.log.Log
    level: ERROR
    message: Nobody has counted.
outputs:
  - id: said
    type: STRING
    value: "{{ outputs.count.value }}"
`,
  inputs: `inputs:
  - id: kind
    type: SELECT
    values: [day, month]
    defaults: month
  - id: month
    type: STRING
    defaults: "{{ inputs.kind }} 5"
    dependsOn:
      inputs: [kind]
      condition: "{{ inputs.kind == 'month' }}"
`,
  task: `tasks:
  - id: count
    type: io.kestra.plugin.core.debug.Return
    description: Counts the rides, once an hour at most.
    format: "12"
    runIf: "{{ flow.namespace != 'company.test' }}"
    timeout: PT10M
    retry:
      type: constant
      interval: PT5S
      maxAttempts: 3
    allowFailure: true
    logLevel: WARN
    taskCache:
      enabled: true
      ttl: PT1H
`,
  labels: `labels:
  team: rides
  billing.code: 12
`,
  labelList: `labels:
  - key: team
    value: rides
`,
  outputs: `tasks:
  - id: count
    type: io.kestra.plugin.core.debug.Return
    format: "12"
  - id: look
    type: io.kestra.plugin.core.debug.Return
    runIf: "{{ outputs.count.value == 0 }}"
    format: There are none.
outputs:
  - id: rides
    type: INT
    value: "{{ outputs.count.value }}"
  - id: note
    value: "{{ outputs.look.value }}"
    required: false
`,
  constant: `retry:
  type: constant
  interval: PT5S
  maxAttempts: 3
`,
  exponential: `retry:
  type: exponential
  interval: PT1S
  delayFactor: 3
  maxInterval: PT10M
  maxDuration: PT1H
  warningOnRetry: true
`,
  random: `retry:
  type: random
  minInterval: PT1S
  maxInterval: PT1M
  maxAttempts: 5
  behavior: CREATE_NEW_EXECUTION
`,
  concurrency: `concurrency:
  limit: 2
  behavior: CANCEL
`,
  sla: `sla:
  - id: in_time
    type: MAX_DURATION
    duration: PT1H
    behavior: FAIL
    labels:
      late: "yes"
  - id: at_home
    type: EXECUTION_ASSERTION
    assert: "{{ flow.namespace | startsWith('company.') }}"
    behavior: NONE
`,
  checks: `inputs:
  - id: rides
    type: INT
    defaults: 12
checks:
  - condition: "{{ inputs.rides > 0 }}"
    message: Nothing to bill.
    style: ERROR
    behavior: FAIL_EXECUTION
`,
  pluginDefaults: `pluginDefaults:
  - type: io.kestra.plugin.core.http.
    values:
      timeout: PT5M
  - type: io.kestra.plugin.core.log.Log
    forced: true
    values:
      level: DEBUG
`,
} as const;

/** What Kestra's flows may have, and what is refused here, by name: as it stands in a flow. */
export const refusedExamples: Readonly<Record<string, string>> = {
  triggers:
    "triggers:\n  - id: daily\n    type: io.kestra.plugin.core.trigger.Schedule\n    cron: 0 6 * * *\n",
  "fallback of a workerGroup": "workerGroup:\n  key: big\n  fallback: FAIL\n",
  quotas: "quotas:\n  - id: daily\n",
  assets: "assets:\n  - id: rides\n",
  "assets of a task": task("assets:\n      inputs: []"),
  listeners: "listeners: []\n",
  "namespaceFiles of a WorkingDirectory": `tasks:
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    namespaceFiles:
      enabled: true
    tasks:
      - id: say
        type: io.kestra.plugin.core.log.Log
        message: Hello
`,
  "io.kestra.plugin.jdbc. and other plugins":
    "tasks:\n  - id: query\n    type: io.kestra.plugin.jdbc.postgresql.Query\n",
  "io.kestra.plugin.core.kv.": "tasks:\n  - id: keep\n    type: io.kestra.plugin.core.kv.Set\n",
  "io.kestra.plugin.core.state.": "tasks:\n  - id: keep\n    type: io.kestra.plugin.core.state.Set\n",
  "io.kestra.plugin.core.flow.Template":
    "tasks:\n  - id: other\n    type: io.kestra.plugin.core.flow.Template\n    namespace: company.team\n    templateId: other\n",
};

function task(more: string): string {
  return `tasks:\n  - id: say\n    type: io.kestra.plugin.core.log.Log\n    message: Hello\n    ${more}\n`;
}

/** The whole text of a flow of which a part is shown. */
export function flowTextOf(part: string, id = "rides"): string {
  const tasks = /^tasks:/m.test(part) ? "" : task("").trimEnd();
  return `${`id: ${id}\nnamespace: company.team\n${part}${tasks}`.trimEnd()}\n`;
}
