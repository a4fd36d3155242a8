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
  randomPort: { summary: "The number of a free port.", examples: [] },
  loopOutputs: {
    summary: "One output of each iteration of a Loop, as a list.",
    examples: [["{{ loopOutputs([{'outputs': {'a': 1}}, {'outputs': {'a': 2}}], 'a') }}", "[1,2]"]],
  },
  currentEachOutput: {
    summary: "What a task gave in the iteration in which this one runs.",
    examples: [],
  },
  tasksWithState: { summary: "The tasks of the execution that are in a state.", examples: [] },
  errorLogs: { summary: "The lines of level ERROR in the logs of the execution.", examples: [] },
  encrypt: { summary: "The text encrypted with a key of 16, 24 or 32 bytes in Base64.", examples: [] },
  decrypt: { summary: "The text that `encrypt` made something of.", examples: [] },
  printContext: { summary: "All that a template sees here, as a map.", examples: [] },
  fetchContext: { summary: "All that a template sees here, as a map.", examples: [] },
  secret: { summary: "A secret, by its key.", examples: [] },
  kv: { summary: "A value of the key-value store, by its key.", examples: [] },
  read: { summary: "The text of a stored file.", examples: [] },
  fileURI: { summary: "The URI of a file of the namespace.", examples: [] },
  fileSize: { summary: "The length of a stored file in bytes.", examples: [] },
  fileExists: { summary: "Whether a stored file is there.", examples: [] },
  isFileEmpty: { summary: "Whether a stored file has no bytes.", examples: [] },
  http: {
    summary: "What a server answers to a request; JSON and YAML are read. It has 30 seconds, and 4 MiB.",
    examples: [],
  },
};
