import type { Counter } from "../convert-file.ts";
import { yamlText } from "./write-yaml.ts";

/** Writes values as documents: one alone stands there plainly, several are marked. What comes behind each is `ending`. */
export async function* yamlStream(
  values: AsyncIterable<unknown>,
  ending: { one: string; several: string },
  counter: Counter,
): AsyncGenerator<string> {
  let first: string | undefined;
  for await (const value of values) {
    counter.records++;
    const text = yamlText(value);
    // Whether there is a second is known when it comes.
    if (counter.records === 1) {
      first = text;
      continue;
    }
    if (first !== undefined) yield `---\n${first}${ending.several}`;
    first = undefined;
    yield `---\n${text}${ending.several}`;
  }
  if (first !== undefined) yield first + ending.one;
}
