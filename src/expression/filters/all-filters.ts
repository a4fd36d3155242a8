import type { Filters } from "../callable.ts";
import { isEmpty } from "../tests.ts";
import { dateFilters } from "./date-filters.ts";
import { encodingFilters } from "./encoding-filters.ts";
import { listFilters } from "./list-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { textFilters } from "./text-filters.ts";

/** Every filter there is. */
export const filters: Filters = {
  ...textFilters,
  ...listFilters,
  ...numberFilters,
  ...encodingFilters,
  ...dateFilters,
  default: {
    parameters: ["default"],
    required: 1,
    isLenient: true,
    apply: (input, [value]) => (isEmpty(input) ? value : input),
  },
};

/** Filters of Kestra that we do not have yet, and why. */
export const unavailableFilters: Readonly<Record<string, string>> = {
  jq: "it needs an interpreter of jq.",
  toIon: "it comes with the rest of the table.",
};
