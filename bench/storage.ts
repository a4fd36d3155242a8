import type { Bench } from "./result.ts";
export const storage: Bench = {
  name: "storage",
  summary: "",
  measure: async () => ({ figures: {}, floor: {}, ratios: {}, notes: [] }),
};
