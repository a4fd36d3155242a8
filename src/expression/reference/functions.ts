import type { Entries } from "./entry.ts";

/** Functions. */
export const functionEntries: Entries = {
  now: {
    summary: "The time, in a format and a time zone.",
    examples: [["{{ now('yyyy', timeZone='UTC') | length }}", "4"]],
  },
  json: {
    summary: "The value of a JSON text. `fromJson` does the same.",
    examples: [["{{ json('{\"a\": 1}').a }}", "1"]],
  },
  fromJson: { summary: "The value of a JSON text.", examples: [["{{ fromJson('[1, 2]') | last }}", "2"]] },
  yaml: { summary: "The value of a YAML text.", examples: [["{{ yaml('a: 1').a }}", "1"]] },
  fromIon: {
    summary: "The value of an Ion text: its first row, or with `allRows` a list of all.",
    examples: [["{{ fromIon('{a:1}').a }}", "1"]],
  },
  render: {
    summary:
      "The value with the templates in it rendered, and those that come out of them; with `recursive=false`, once.",
    examples: [
      ["{{ render(vars.greeting) }}", "Hello Ada"],
      ["{{ render(vars.outer) }}", "Hello Ada"],
    ],
  },
  renderOnce: {
    summary: "The value with the templates in it rendered, once.",
    examples: [["{{ renderOnce(vars.outer) }}", "Hello {{ inputs.name }}"]],
  },
  range: {
    summary: "The numbers, or letters, from one to another.",
    examples: [["{{ range(1, 3) }}", "[1,2,3]"]],
  },
  max: { summary: "The greatest of its arguments.", examples: [["{{ max(1, 3, 2) }}", "3"]] },
  min: { summary: "The least of its arguments.", examples: [["{{ min(1, 3, 2) }}", "1"]] },
  uuid: { summary: "A new UUID.", examples: [["{{ uuid() | length }}", "36"]] },
  id: { summary: "A new short id.", examples: [["{{ (id() | length) > 10 }}", "true"]] },
  ksuid: { summary: "A new KSUID: ids that sort by time.", examples: [["{{ ksuid() | length }}", "27"]] },
  nanoId: {
    summary: "A new id of a length, from the letters of an alphabet.",
    examples: [["{{ nanoId(length=8) | length }}", "8"]],
  },
  randomInt: {
    summary: "A whole number by chance, from `lower` to below `upper`.",
    examples: [["{{ randomInt(5, 6) }}", "5"]],
  },
  randomPort: {
    summary: "The number of a free port of the worker.",
    examples: [],
    inFlow: [["{{ randomPort() > 0 }}", "true"]],
  },
  loopOutputs: {
    summary: "One output of each iteration of a Loop, as a list.",
    examples: [["{{ loopOutputs([{'outputs': {'a': 1}}, {'outputs': {'a': 2}}], 'a') }}", "[1,2]"]],
  },
  currentEachOutput: {
    summary:
      "What a task gave in the iteration in which this one runs: here that of `outputs.shape['x']['b']`.",
    examples: [["{{ currentEachOutput(outputs.shape).value }}", "B"]],
  },
  tasksWithState: {
    summary:
      "The tasks of the execution that are in a state: maps of `taskId`, `state` and, in a loop, `value`.",
    examples: [["{{ tasksWithState('FAILED') | jq('.[].taskId') | first }}", "shape"]],
  },
  errorLogs: {
    summary:
      "The lines of level ERROR in the logs of the execution, a thousand at most: maps of `message`, `taskId`, `timestamp` and more.",
    examples: [],
    inFlow: [["{{ errorLogs() | jq('.[].message') | first }}", "Too few rides"]],
  },
  encrypt: {
    summary: "The text encrypted with a key of 16, 24 or 32 bytes in Base64. It is another each time.",
    examples: [["{{ encrypt('MDEyMzQ1Njc4OWFiY2RlZg==', 'Ada') | length }}", "44"]],
  },
  decrypt: {
    summary: "The text that `encrypt` made something of.",
    examples: [["{% set key = 'MDEyMzQ1Njc4OWFiY2RlZg==' %}{{ decrypt(key, encrypt(key, 'Ada')) }}", "Ada"]],
  },
  printContext: {
    summary: "All that a template sees here, as a map: for looking what there is.",
    examples: [["{{ printContext().inputs.name }}", "Ada"]],
  },
  fetchContext: {
    summary: "All that a template sees here, as a map.",
    examples: [["{{ fetchContext().inputs | length }}", "9"]],
  },
  read: {
    summary:
      "The text of a stored file, of 4 MiB at most. `namespace` and `version` are of namespace files, which are not there yet.",
    examples: [],
    inFlow: [["{{ fromJson(read(outputs.load.uri)).rides }}", "2"]],
  },
  fileSize: {
    summary: "The length of a stored file in bytes.",
    examples: [],
    inFlow: [["{{ fileSize(outputs.load.uri) }}", "12"]],
  },
  fileExists: {
    summary: "Whether a stored file is there.",
    examples: [],
    inFlow: [["{{ fileExists(outputs.load.uri) }}", "true"]],
  },
  isFileEmpty: {
    summary: "Whether a stored file has no bytes.",
    examples: [],
    inFlow: [["{{ isFileEmpty(outputs.load.uri) }}", "false"]],
  },
  http: {
    summary: "What a server answers to a request; JSON and YAML are read. It has 30 seconds, and 4 MiB.",
    examples: [],
    inFlow: [["{{ http('https://example.test/rides.json').rides }}", "2"]],
  },
};
