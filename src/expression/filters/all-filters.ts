import type { Filters } from "../callable.ts";
import { isEmpty } from "../tests.ts";
import { dateFilters } from "./date-filters.ts";
import { encodingFilters } from "./encoding-filters.ts";
import { jqFilter } from "./jq-filter.ts";
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
  jq: jqFilter,
  default: {
    parameters: ["default"],
    isLenient: true,
    apply: (input, [value]) => (isEmpty(input) ? (value ?? null) : input),
  },
};
