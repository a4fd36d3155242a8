const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** The bytes of a size such as `512KB` or `10MB`; undefined for what is none. */
export function bytesOf(written: string): number | undefined {
  const [, digits = "", unit = ""] = /^\s*(\d{1,15})(?:\s*([kmg]?b))?\s*$/i.exec(written) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  return bytes > 0 ? bytes : undefined;
}
