/** What the reference says of a type of input: what it takes, and what becomes of it. */
export interface InputExample {
  /** A sentence or two. */
  takes: string;
  /** An input, without its id and type. */
  example: Readonly<Record<string, unknown>>;
  /** Values as JSON, and what templates read then, as JSON too. */
  given: readonly (readonly [given: string, kept: string])[];
  /** Values that are refused, and why. */
  refused?: readonly (readonly [given: string, cause: string])[];
}

const boolean: InputExample = {
  takes:
    '`true` or `"true"`, in small letters or in capitals. It is never an error: whatever else is given is false.',
  example: { defaults: false },
  given: [
    ["true", "true"],
    ['"TRUE"', "true"],
    ['"yes"', "false"],
    ["1", "false"],
  ],
};

const choice =
  "One of the values, as text. Where the input is not required, or `allowCustomValue` is set, it may be something else.";

/** What each type of input takes, in the order of the reference. */
export const inputExamples: Readonly<Record<string, InputExample>> = {
  FORM: {
    takes: "A group. What is in it is given, and read, under the id of the form: `inputs.example.city`.",
    example: {
      inputs: [
        { id: "city", type: "STRING" },
        { id: "rides", type: "INT", defaults: 1 },
      ],
    },
    given: [['{"city": "Chicago"}', '{"city":"Chicago","rides":1}']],
  },
  STRING: {
    takes: "Anything; what is no text is written as one.",
    example: { validator: "[A-Z]{3}-\\d+" },
    given: [['"ABC-12"', '"ABC-12"']],
    refused: [['"abc"', "it must match the pattern `[A-Z]{3}-\\d+`"]],
  },
  SELECT: {
    takes: choice,
    example: { values: ["small", "large"], defaults: "small" },
    given: [['"large"', '"large"']],
    refused: [['"huge"', "it must match the values `[small, large]`"]],
  },
  MULTISELECT: {
    takes: "A list of the values, or the JSON text of one.",
    example: { values: ["bike", "car", "boat"] },
    given: [
      ['["bike", "car"]', '["bike","car"]'],
      ['"[\\"boat\\"]"', '["boat"]'],
    ],
    refused: [['["plane"]', "value `plane` doesn't match the values `[bike, car, boat]`"]],
  },
  ENUM: {
    takes: `${choice.replace(", or `allowCustomValue` is set,", "")} SELECT took its place.`,
    example: { values: ["small", "large"] },
    given: [['"small"', '"small"']],
    refused: [['"huge"', "it must match the values `[small, large]`"]],
  },
  INT: {
    takes: "A whole number of 32 bits, or the text of one, without blanks. The limits may be reached.",
    example: { min: 1, max: 100 },
    given: [
      ["42", "42"],
      ['"+7"', "7"],
    ],
    refused: [
      ["0", "it must be more than `1`"],
      ['"1.0"', 'For input string: "1.0"'],
      ["3000000000", 'For input string: "3000000000"'],
    ],
  },
  FLOAT: {
    takes: "A number of 32 bits, or the text of one. It is kept with a fraction. The limits may be reached.",
    example: { min: 0.5 },
    given: [
      ["42.42", "42.42"],
      ["3", "3.0"],
      ['" 1e3 "', "1000.0"],
    ],
    refused: [
      ["0.1", "it must be more than `0.5`"],
      ['"many"', 'For input string: "many"'],
    ],
  },
  BOOL: boolean,
  BOOLEAN: { ...boolean, takes: `${boolean.takes} BOOL does the same.` },
  DATETIME: {
    takes:
      "Date, time with its seconds, and zone: `Z` or an offset. It is kept in UTC. The limits may be reached.",
    example: { after: "2024-01-01T00:00:00Z" },
    given: [
      ['"2024-05-31T09:30:00Z"', '"2024-05-31T09:30:00Z"'],
      ['"2024-05-31T09:30:00.5+02:00"', '"2024-05-31T07:30:00.500Z"'],
    ],
    refused: [
      ['"2023-01-01T00:00:00Z"', "it must be after `2024-01-01T00:00:00Z`"],
      ['"2024-05-31T09:30:00"', "Text '2024-05-31T09:30:00' could not be parsed at index 19"],
      ['"2024-05-31"', "Text '2024-05-31' could not be parsed at index 10"],
    ],
  },
  DATE: {
    takes: "A date, `yyyy-MM-dd`. The limits may be reached.",
    example: { before: "2024-12-31" },
    given: [['"2024-05-31"', '"2024-05-31"']],
    refused: [
      ['"2025-01-01"', "it must be before `2024-12-31`"],
      ['"31.05.2024"', "Text '31.05.2024' could not be parsed at index 0"],
    ],
  },
  TIME: {
    takes: "A time of day, `HH:mm` or with seconds. It is kept with its seconds. The limits may be reached.",
    example: { after: "08:00:00" },
    given: [
      ['"18:27"', '"18:27:00"'],
      ['"18:27:49"', '"18:27:49"'],
    ],
    refused: [
      ['"07:00"', "it must be after `08:00`"],
      ['"9:00"', "Text '9:00' could not be parsed at index 0"],
    ],
  },
  DURATION: {
    takes:
      "A duration of ISO 8601, with days as its longest unit; a number, which Kestra refuses, is taken as seconds. Templates read the seconds, as a number with a fraction. The limits may be reached.",
    example: { max: "PT1H" },
    given: [
      ['"PT5M6S"', "306.0"],
      ['"pt0.5s"', "0.5"],
    ],
    refused: [
      ['"P1D"', "It must be less than `PT1H`"],
      ['"1h"', "Text cannot be parsed to a Duration"],
    ],
  },
  JSON: {
    takes: "A list, a map or any other value of JSON, or the text of one.",
    example: {},
    given: [
      ['{"a": 1}', '{"a":1}'],
      ['"[1, 2.0]"', "[1,2.0]"],
    ],
    refused: [['"{a}"', 'it must be valid JSON: Token "a" is invalid.']],
  },
  URI: {
    takes: "An address with a scheme.",
    example: {},
    given: [
      ['"https://example.test/rides.csv"', '"https://example.test/rides.csv"'],
      ['"jdbc:duckdb:"', '"jdbc:duckdb:"'],
    ],
    refused: [
      ['"example.test"', "Invalid URI format."],
      ['"not a uri"', "Illegal character in path at index 3: not a uri"],
    ],
  },
  EMAIL: {
    takes: "An address for mail, or an empty text.",
    example: {},
    given: [['"ada@example.test"', '"ada@example.test"']],
    refused: [['"ada"', "The input must be a valid email"]],
  },
  ARRAY: {
    takes: "A list, or the JSON text of one, each entry in a form of the `itemType`.",
    example: { itemType: "INT" },
    given: [
      ["[1, 2]", "[1,2]"],
      ['"[\\"3\\"]"', "[3]"],
    ],
    refused: [['["s1"]', "Unable to parse array element as `INT` on `s1`"]],
  },
  FILE: {
    takes:
      "A file that is uploaded with the request, or the `kestra:///…` URI of one that is stored. Templates read the URI. Extensions are written with their dots, in small letters.",
    example: { allowedFileExtensions: [".csv", ".txt"] },
    given: [],
    refused: [
      ['"kestra:///company/rides.pdf"', "File type not allowed. Accepted extensions: .csv, .txt"],
      [
        '"rides.csv"',
        "`rides.csv` is no stored file: upload it, or give the URI of one, like `kestra:///company/team/…`",
      ],
    ],
  },
  SECRET: {
    takes:
      "A text, which is kept encrypted. Templates read it; logs, and whoever looks, see `******`. The server and the workers need a key for it, in `REPRISE_ENCRYPTION_KEY`. It can be neither a value of a `ForEach` or a `Loop` nor in the name of the flow that a `Subflow` starts, which would show it.",
    example: { validator: ".{8,}" },
    given: [],
    refused: [['"short"', "example: it must match the pattern `.{8,}`"]],
  },
  YAML: {
    takes: "A list, a map or any other value, or the text of one as YAML.",
    example: {},
    given: [
      ['"a: 1\\nb: [x, yes]"', '{"a":1,"b":["x",true]}'],
      ["[1, 2]", "[1,2]"],
    ],
  },
};
