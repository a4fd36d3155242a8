import { shorten } from "../../base/shorten.ts";
import { charge } from "../budget.ts";
import type { Callable, Functions } from "../callable.ts";
import { ExpressionError } from "../expression-error.ts";
import { fetched } from "../fetched.ts";
import { isList, isMap, kindOf } from "../values.ts";
import { http } from "./http-function.ts";

/** A function about a file of the storage, which is named by its URI. */
function ofFile(name: string): Callable {
  return {
    parameters: ["path", "namespace", "version"],
    required: 1,
    call([path, namespace, version], run) {
      if (typeof path !== "string")
        throw new ExpressionError(`The argument \`path\` must be the URI of a file, not ${kindOf(path)}.`);
      const isNamespaceFile = (namespace ?? version) != null || !/^[a-z][a-z0-9+.-]*:\/\//i.test(path);
      if (isNamespaceFile || path.startsWith("nsfile:"))
        throw new ExpressionError(
          `\`${name}\` takes the \`kestra:///…\` URI of a file that a task has stored: namespace files are not available yet.`,
        );
      if (!path.startsWith("kestra://"))
        throw new ExpressionError(`Cannot process the URI ${shorten(path, 200)}: scheme not supported.`);
      return fetched(run, { name, uri: path });
    },
  };
}

/** Functions that give what lies in the storage or in the database, or what only the machine knows. */
export const fetchedFunctions: Functions = {
  read: ofFile("read"),
  fileSize: ofFile("fileSize"),
  fileExists: ofFile("fileExists"),
  isFileEmpty: ofFile("isFileEmpty"),
  http,
  randomPort: {
    parameters: [],
    call: (_, run) => fetched(run, { name: "randomPort", uri: "" }),
  },
  errorLogs: {
    parameters: [],
    call(_, run) {
      const logs = fetched(run, { name: "errorLogs", uri: "" });
      if (isList(logs)) charge(run.budget, logs.length);
      return isList(logs) ? logs.map((entry) => (isMap(entry) ? { ...entry } : entry)) : [];
    },
  },
};

/** Their names: a task that calls one has it fetched before it begins. */
export const fetchedNames: readonly string[] = Object.keys(fetchedFunctions);
