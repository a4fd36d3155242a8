/** What can be read and written, for the reference. */
export const CHARSETS =
  "`UTF-8`, `UTF-16` and `UTF-32` (these two also with `BE` or `LE` behind them), `US-ASCII`, `ISO-8859-1` to `-16`, " +
  "`windows-1250` to `-1258` and `-874`, `KOI8-R`, `KOI8-U`, `macintosh`, `Shift_JIS`, `EUC-JP`, `EUC-KR`, `Big5`, `GBK`, " +
  "`GB18030`, and `IBM037`, `273`, `437`, `500`, `850`, `852`, `858` and `866`; `ISO-2022-JP` can be read only. The names " +
  "that Java has for them are known, in upper or lower case. What a charset does not have is written as a question mark.";

/** Names that only Java has for charsets of the web. */
const JAVA_NAMES: Record<string, string> = {
  ...{ "x-macroman": "macintosh", macroman: "macintosh" },
  ...{ ms949: "euc-kr", cp949: "euc-kr", "x-windows-949": "euc-kr" },
  ...{ ms936: "gbk", cp936: "gbk", ms950: "big5", cp950: "big5", "x-windows-950": "big5" },
  ...{ cp932: "shift_jis", ms874: "windows-874", "x-windows-874": "windows-874" },
};

/** The name of a charset as it is compared with others. */
export function plainName(charset: string): string {
  return charset.trim().toLowerCase().replaceAll("_", "-");
}

/** What the web calls a charset, by one of the names that it or Java has for it; undefined where it has none. */
export function webEncoding(name: string): string | undefined {
  for (const label of [JAVA_NAMES[name] ?? name, name.replaceAll("-", "_")]) {
    try {
      return new TextDecoder(label).encoding;
    } catch {
      // Another name, or none.
    }
  }
  return undefined;
}
