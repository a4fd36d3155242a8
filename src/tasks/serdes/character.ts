import { z } from "zod";
import { text } from "../property.ts";

/** One character. */
export function character() {
  return text().pipe(z.string().regex(/^[^\n\r]$/u, "Expected one character"));
}
