/** What becomes of columns whose header is empty. */
export type OnEmptyHeader = "DROP" | "RENAME";

/** The columns of a file, read from its header. */
export interface CsvColumns {
  /** How many fields each row has to have: every column counts, dropped ones too. */
  expected: number;
  /** The names of the columns that are written, in order. */
  kept: string[];
  /** What a person should know of names that got lost. */
  warnings: string[];
}

/** Settles how the columns are called, after the header and the policy for empty names. */
export function readHeader(names: string[], onEmptyHeader: OnEmptyHeader): CsvColumns {
  if (onEmptyHeader === "RENAME") return { expected: names.length, kept: renamed(names), warnings: [] };

  const lastNamed = names.findLastIndex((name) => name !== "");
  const kept = lastNamed === -1 ? names : names.slice(0, lastNamed + 1);
  const dropped = names.length - kept.length;
  const collisions = kept.length - new Set(kept).size;
  const warnings: string[] = [];
  if (dropped > 0) {
    warnings.push(
      `Dropped ${dropped} trailing unnamed header column(s); their values are not emitted. Set onEmptyHeader=RENAME to keep them.`,
    );
  }
  if (collisions > 0) {
    warnings.push(
      `Header has ${collisions} duplicate or empty column name(s) among the kept columns. Colliding columns share one output key and only the last value is kept. Set onEmptyHeader=RENAME to keep every unnamed column.`,
    );
  }
  return { expected: names.length, kept, warnings };
}

/** Every unnamed column becomes `col_<index>`, or `col_<index>_2` and so on when that name is taken. */
function renamed(names: string[]): string[] {
  const taken = new Set(names);
  return names.map((name, index) => {
    if (name !== "") return name;
    let candidate = `col_${index}`;
    for (let attempt = 2; taken.has(candidate); attempt++) candidate = `col_${index}_${attempt}`;
    taken.add(candidate);
    return candidate;
  });
}
