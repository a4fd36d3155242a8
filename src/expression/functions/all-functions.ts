import type { Functions } from "../callable.ts";
import { now } from "../filters/date-filters.ts";
import { contextFunctions } from "./context-functions.ts";
import { fetchedFunctions } from "./fetched-functions.ts";
import { formatFunctions } from "./format-functions.ts";
import { render, renderOnce } from "./render.ts";
import { secretFunctions } from "./secret-functions.ts";
import { valueFunctions } from "./value-functions.ts";

/** Every function there is. */
export const functions: Functions = {
  ...valueFunctions,
  ...formatFunctions,
  ...secretFunctions,
  ...contextFunctions,
  ...fetchedFunctions,
  now,
  render,
  renderOnce,
};

/** Functions of Kestra that we do not have yet, and why. */
export const unavailableFunctions: Readonly<Record<string, string>> = {
  secret: "it needs a store of secrets.",
  kv: "it needs the key-value store.",
  fileURI: "it needs namespace files.",
  subflow: "it runs a flow while an input is read.",
};
