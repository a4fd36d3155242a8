import { constantFaults } from "../expression/constant-faults.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** A fault of a template that every run of it would come to, with what is near to right. */
export interface TemplateFault {
  message: string;
  /** It is passed over when the template is rendered. */
  isHarmless: boolean;
  hint: string | undefined;
  line: number;
  column: number;
}

const units = [
  ...["NANOS", "MICROS", "MILLIS", "SECONDS", "MINUTES", "HOURS", "HALF_DAYS", "DAYS", "WEEKS", "MONTHS"],
  ...["YEARS", "DECADES", "CENTURIES", "MILLENNIA"],
];
const known: Readonly<Record<string, () => string[]>> = {
  timeZone: () => Intl.supportedValuesOf("timeZone"),
  unit: () => units,
  type: () => ["INT", "FLOAT", "LONG", "DOUBLE", "BIGDECIMAL", "BIGINTEGER", "single", "double", "shell"],
};

/** Arguments of a template that are written out and can never be right: date and number formats, time zones, units, patterns. */
export function checkConstantsOf(template: string): TemplateFault[] {
  return constantFaults(template).map(({ message, isHarmless, parameter, value, line, column }) => ({
    isHarmless,
    message: /[.!?]$/.test(message) ? message : `${message}.`,
    hint: didYouMean(nearest(value, known[parameter]?.() ?? [])),
    line,
    column,
  }));
}
