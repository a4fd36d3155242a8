import type { z } from "zod";
import type { CompiledOutput } from "./compiled-flow.ts";
import type { outputSchema } from "./flow-schema.ts";
import { given } from "./written.ts";

/** Turns an output that has been checked into what is stored. */
export function compileOutput({ required, value, ...output }: z.infer<typeof outputSchema>): CompiledOutput {
  return { ...given(output), value, required: required ?? true } as CompiledOutput;
}
