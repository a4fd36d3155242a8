/** A field of a cron line: what it counts, from where to where, and its words. */
interface Field {
  name: string;
  low: number;
  high: number;
  words: readonly string[];
}

const field = (name: string, low: number, high: number, words: readonly string[] = []): Field => ({
  ...{ name, low, high, words },
});
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const fields: readonly Field[] = [
  field("minute", 0, 59),
  field("hour", 0, 23),
  field("day of month", 1, 31),
  field("month", 1, 12, months),
  field("day of week", 0, 7, days),
];
const nicknames = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/** Why a text is no cron line, or undefined if it is one: five fields, six with seconds, or a nickname. */
export function cronProblem(cron: string, { hasSeconds = false } = {}): string | undefined {
  const text = cron.trim();
  if (text.startsWith("@")) {
    return nicknames.includes(text) ? undefined : `\`${text}\` is none of ${nicknames.join(", ")}.`;
  }
  const parts = text === "" ? [] : text.split(/\s+/);
  const wanted = hasSeconds ? [field("second", 0, 59), ...fields] : fields;
  if (parts.length !== wanted.length)
    return `A cron line has ${wanted.length} fields (${wanted.map(({ name }) => name).join(", ")}), not ${parts.length}.`;
  for (const [index, part] of parts.entries()) {
    const problem = fieldProblem(part, wanted[index] as Field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldProblem(text: string, { name, low, high, words }: Field): string | undefined {
  for (const part of text.split(",")) {
    const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined) return `\`${part}\` is no ${name} of a cron line.`;
    if (step !== undefined && Number(step) === 0) return `The step of \`${part}\` must be more than 0.`;
    if (from === "*") {
      if (to !== undefined) return `\`${part}\` is no ${name} of a cron line.`;
      continue;
    }
    const [first, last] = [from, to ?? from].map((each) => numberOf(each, low, words));
    for (const [value, written] of [
      [first, from],
      [last, to ?? from],
    ] as const) {
      if (value === undefined || value < low || value > high)
        return `\`${written}\` is no ${name}: it goes from ${low} to ${high}.`;
    }
    if ((first ?? 0) > (last ?? 0)) return `\`${part}\` ends before it begins.`;
  }
  return undefined;
}

function numberOf(text: string, low: number, words: readonly string[]): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const place = words.indexOf(text.toUpperCase());
  return place < 0 ? undefined : place + (words.length === 12 ? low : 0);
}
