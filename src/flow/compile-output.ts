import type { z } from "zod";
import type { CompiledOutput } from "./compiled-flow.ts";
import type { outputSchema } from "./flow-schema.ts";
import { given } from "./written.ts";

/** Turns outputs that have been checked into what is stored, with their values as they are written. */
export function compileOutputs(
  outputs: readonly z.infer<typeof outputSchema>[],
  written: unknown,
): CompiledOutput[] {
  const values = written as readonly { value: unknown }[];
  return outputs.map((output, index) =>
    compileOutput({ ...output, value: values[index]?.value ?? output.value }),
  );
}

/** Turns an output that has been checked into what is stored. */
function compileOutput({ required, value, ...output }: z.infer<typeof outputSchema>): CompiledOutput {
  return { ...given(output), value, required: required ?? true } as CompiledOutput;
}
