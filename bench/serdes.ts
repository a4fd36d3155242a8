import type { Bench } from "./result.ts";
export const serdes: Bench = {
  name: "serdes",
  summary: "",
  measure: async () => ({ figures: {}, floor: {}, ratios: {}, notes: [] }),
};
