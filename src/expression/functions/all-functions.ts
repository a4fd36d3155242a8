import type { Functions } from "../callable.ts";
import { now } from "../filters/date-filters.ts";
import { render, renderOnce } from "./render.ts";
import { valueFunctions } from "./value-functions.ts";

/** Every function there is. */
export const functions: Functions = { ...valueFunctions, now, render, renderOnce };

const STORAGE = "it reads files of the storage.";
const RUNNING = "it reads other parts of a running execution.";
const LATER = "it comes with the rest of the table.";

/** Functions of Kestra that we do not have yet, and why. */
export const unavailableFunctions: Readonly<Record<string, string>> = {
  secret: "it needs a store of secrets.",
  kv: "it needs the key-value store.",
  read: STORAGE,
  fileURI: STORAGE,
  fileSize: STORAGE,
  fileExists: STORAGE,
  isFileEmpty: STORAGE,
  errorLogs: RUNNING,
  tasksWithState: RUNNING,
  currentEachOutput: "it needs loops.",
  http: "it calls a server while an input is read.",
  subflow: "it runs a flow while an input is read.",
  encrypt: LATER,
  decrypt: LATER,
  fromIon: LATER,
  printContext: LATER,
  fetchContext: LATER,
  randomPort: LATER,
};
