/** What the reference says of a filter, a function, a test, an operator or a tag. */
export interface Entry {
  /** A sentence or two. */
  summary: string;
  /** Templates, each with the text that it gives in `exampleContext`. */
  examples: readonly (readonly [template: string, text: string])[];
}

/** Entries by name. */
export type Entries = Readonly<Record<string, Entry>>;

/** What the templates of the examples read. */
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
  outputs: { load: { size: 12, uri: "kestra:///company/rides.csv" }, "with-dash": { value: "x" } },
  vars: { greeting: "Hello {{ inputs.name }}", outer: "{{ vars.greeting }}" },
  execution: { startDate: "2024-09-06T08:38:53.123Z" },
  labels: { team: "rides" },
};
