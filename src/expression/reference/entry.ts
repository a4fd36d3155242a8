/** What the reference says of a name, a filter, a function, a test, an operator or a tag. */
export interface Entry {
  /** A sentence or two. */
  summary: string;
  /** Templates, each with the text that it gives in `exampleContext`. */
  examples: readonly Example[];
  /** The same for what only a running flow has: they are rendered behind the tasks of `exampleFlow`. */
  inFlow?: readonly Example[];
}

/** A template, and the text that it gives. */
export type Example = readonly [template: string, text: string];

/** Entries by name. */
export type Entries = Readonly<Record<string, Entry>>;

/** What the templates of the examples read. They stand in the iteration `b` of a loop, and that in the iteration `x` of another. */
export const exampleContext = {
  inputs: {
    name: "Ada",
    title: "the analytical engine",
    lines: "a\nb",
    count: 3,
    ratio: 2.5,
    list: [3, 1, 2],
    person: { name: "Grace", born: 1906 },
    people: [
      { name: "Ada", born: 1815 },
      { name: "Grace", born: 1906 },
    ],
    nothing: null,
  },
  outputs: {
    load: { size: 12, uri: "kestra:///company/rides.csv" },
    "with-dash": { value: "x" },
    shape: { x: { a: { value: "A" }, b: { value: "B" } } },
  },
  vars: { greeting: "Hello {{ inputs.name }}", outer: "{{ vars.greeting }}" },
  labels: { team: "rides", system: { correlationId: "0192d6a0-6f3e-7c2b-8a51-3d0f6b1c9e42" } },
  flow: { id: "rides", namespace: "company.team", revision: 3, tenantId: "main" },
  task: { id: "say", type: "io.kestra.plugin.core.log.Log" },
  taskrun: { id: "17", startDate: "2024-09-06T08:39:01.500Z", attemptsCount: 0, value: "b", iteration: 1 },
  execution: {
    id: "0192d6a0-6f3e-7c2b-8a51-3d0f6b1c9e42",
    startDate: "2024-09-06T08:38:53.123Z",
    state: "RUNNING",
    originalId: "0192d6a0-6f3e-7c2b-8a51-3d0f6b1c9e42",
  },
  tasks: { load: { state: "SUCCESS" }, shape: { x: { a: { state: "SUCCESS" }, b: { state: "FAILED" } } } },
  parent: { taskrun: { value: "x" }, outputs: { evaluationResult: true } },
  parents: [{ taskrun: { value: "x" }, outputs: { evaluationResult: true } }],
  item: {
    value: "2",
    index: 1,
    key: "two",
    parent: { value: "x", index: 0 },
    parents: [{ value: "x", index: 0 }],
  },
  trigger: {
    executionId: "0192d6a0-0000-7c2b-8a51-3d0f6b1c9e42",
    namespace: "company.team",
    flowId: "all_rides",
    flowRevision: 1,
    taskRunId: "12",
    taskId: "start",
  },
  envs: { region: "eu" },
  kestra: { environment: null, url: null },
  globals: {},
};

/** The tasks behind which the examples run that need a flow which runs. The tests give what stands at the address. */
export const exampleFlow = `tasks:
  - id: load
    type: io.kestra.plugin.core.storage.Write
    content: '{"rides": 2}'
    extension: .json
  - id: complain
    type: io.kestra.plugin.core.log.Log
    level: ERROR
    message: Too few rides
`;

/** What the address answers that an example asks. */
export const exampleAnswer = { address: "https://example.test/rides.json", body: { rides: 2 } };
