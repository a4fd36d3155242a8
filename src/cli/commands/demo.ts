import { leaf } from "../command.ts";
export function demo() {
  return leaf("demo", "x");
}
