/**
 * Rows of our views as the documents that `--json` prints: names in camel case, and what counts milliseconds or bytes as a
 * number. Ids stay texts, since they may have more digits than a number keeps.
 */
export function camelRows<T>(rows: readonly Record<string, unknown>[]): T[] {
  return rows.map((row) => {
    const entries = Object.entries(row).map(([name, value]) => [
      camel(name),
      isCount(name) ? count(value) : value,
    ]);
    return Object.fromEntries(entries) as T;
  });
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function isCount(name: string): boolean {
  return /_ms$|_bytes$|^size$/.test(name);
}

function count(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
