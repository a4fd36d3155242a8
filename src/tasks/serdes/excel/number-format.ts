/** Excel takes no longer one. What looks for its parts looks again and again. */
const LONGEST_FORMAT = 255;

/** Whether a format shows a number as a date or a time. */
export function isDateFormat(format: string): boolean {
  if (format.length > LONGEST_FORMAT) return false;
  return /[dmyhs]/i.test(plainPart(format)) && !/general/i.test(format);
}

/** A format without texts, colours and conditions. */
function plainPart(format: string): string {
  return format.replace(/"[^"]*"|\\.|_.|\*./g, "").replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "");
}

/** Days since the end of 1899 as a date. Excel has a 29 February 1900, which there was not. */
export function serialDate(serial: number, is1904: boolean): Date {
  const days = is1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  return new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400_000));
}

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** A number as Excel shows it. */
export function formatNumber(value: number, format: string, is1904: boolean): string {
  if (format.length > LONGEST_FORMAT) return generalText(value);
  const sections = format.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const isOwn = value < 0 && sections.length > 1;
  const section = (value < 0 && sections[1]) || (value === 0 && sections[2]) || sections[0] || "General";
  const shown = isOwn ? Math.abs(value) : value;
  if (/general/i.test(section) || section === "@") return generalText(shown);
  return isDateFormat(section)
    ? formatDate(serialDate(shown, is1904), section, shown)
    : formatDigits(shown, section);
}

/** As POI has it: whole numbers with all their eleven digits, others with ten that matter, of which ten stand behind the point. */
function generalText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e11 || (size > 0 && size <= 1e-10)) {
    return exponentText(Number(value.toPrecision(6)).toExponential(), 2);
  }
  if (size >= 1e10 || Number.isInteger(value)) return value.toFixed(0);
  const rounded = Number(value.toPrecision(10));
  return size >= 1 ? String(rounded) : rounded.toFixed(10).replace(/\.?0+$/, "");
}

function exponentText(text: string, digits: number): string {
  const [mantissa = "", exponent = ""] = text.toUpperCase().split("E");
  return `${mantissa}E${exponent.slice(0, 1)}${exponent.slice(1).padStart(digits, "0")}`;
}

function formatDigits(value: number, section: string): string {
  const format = section.replace(/\[[^\]]*\]|_.|\*./g, "");
  const pattern = /[#0?][#0?,]*(?:\.[#0?]*)?(?:E[+-]0+)?|\.[#0?]+/i.exec(
    format.replace(/"[^"]*"/g, (text) => " ".repeat(text.length)),
  );
  if (!pattern) return literal(format);
  const [digits] = pattern;
  const percent = /%/.test(format.replace(/"[^"]*"/g, "")) ? 100 : 1;
  const before = literal(format.slice(0, pattern.index));
  const after = literal(format.slice(pattern.index + digits.length));
  const sign = value < 0 ? "-" : "";
  return sign + before + digitsText(Math.abs(value) * percent, digits) + after;
}

function digitsText(value: number, pattern: string): string {
  const [mantissa = "", exponent] = pattern.split(/E[+-]?/i);
  const [whole = "", fraction = ""] = mantissa.split(".");
  const decimals = fraction.length;
  if (exponent !== undefined) return exponentText(value.toExponential(decimals), exponent.length);
  const scale = /,+$/.exec(whole)?.[0].length ?? 0;
  const rounded = Number(`${Math.round(Number(`${value / 1000 ** scale}e${decimals}`))}e-${decimals}`);
  const [int = "0", rest = ""] = (Number.isNaN(rounded) ? value : rounded).toFixed(decimals).split(".");
  const least = (whole.match(/0/g) ?? []).length;
  let text = (least === 0 && int === "0" ? "" : int).padStart(least, "0");
  if (/[#0?],[#0?]/.test(whole)) text = text.replace(/\B(?=(\d{3})+$)/g, ",");
  const needed = (/^[0?]*/.exec(fraction)?.[0] ?? "").length;
  let tail = rest;
  while (tail.length > needed && tail.endsWith("0")) tail = tail.slice(0, -1);
  return tail === "" ? text : `${text}.${tail}`;
}

function literal(format: string): string {
  return format.replace(
    /"([^"]*)"|\\(.)|[#0?]/g,
    (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? "",
  );
}

function formatDate(date: Date, section: string, serial: number): string {
  const isHalf = /am\/pm|a\/p/i.test(section);
  let isAfterHour = false;
  const tokens =
    section
      .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "")
      .match(/"[^"]*"|\\.|\[[hms]+\]|am\/pm|a\/p|\.0+|y+|m+|d+|h+|s+|_.|\*.|[\s\S]/gi) ?? [];
  return tokens
    .map((token, index) => {
      const lower = token.toLowerCase();
      const isMinute =
        isAfterHour ||
        tokens
          .slice(index + 1)
          .find((next) => /^[a-z[]/i.test(next))
          ?.toLowerCase()
          .startsWith("s");
      if (/^[a-z[]/.test(lower) && !lower.startsWith("a"))
        isAfterHour = lower.startsWith("h") || lower.startsWith("[h");
      return datePart(date, token, { isMinute: Boolean(isMinute), isHalf, serial });
    })
    .join("");
}

function datePart(
  date: Date,
  token: string,
  { isMinute, isHalf, serial }: { isMinute: boolean; isHalf: boolean; serial: number },
): string {
  const two = (value: number) => (token.length > 1 ? String(value).padStart(2, "0") : String(value));
  const hours = date.getUTCHours();
  const month = MONTHS[date.getUTCMonth()] as string;
  const day = DAYS[date.getUTCDay()] as string;
  switch (token[0]?.toLowerCase()) {
    case "y":
      return token.length > 2
        ? String(date.getUTCFullYear())
        : String(date.getUTCFullYear() % 100).padStart(2, "0");
    case "m":
      if (isMinute && token.length <= 2) return two(date.getUTCMinutes());
      if (token.length > 4) return month.slice(0, 1);
      return token.length === 4
        ? month
        : token.length === 3
          ? month.slice(0, 3)
          : two(date.getUTCMonth() + 1);
    case "d":
      return token.length > 3 ? day : token.length === 3 ? day.slice(0, 3) : two(date.getUTCDate());
    case "h":
      return two(isHalf ? hours % 12 || 12 : hours);
    case "s":
      return two(date.getUTCSeconds());
    case "a":
      return hours < 12 ? (token.length > 3 ? "AM" : "A") : token.length > 3 ? "PM" : "P";
    case "[": {
      const factor = { h: 24, m: 1440, s: 86_400 }[token[1]?.toLowerCase() ?? ""] ?? 24;
      return String(Math.floor(serial * factor + 1e-9)).padStart(token.length - 2, "0");
    }
    case ".":
      return token.length > 1
        ? `.${String(date.getUTCMilliseconds())
            .padStart(3, "0")
            .slice(0, token.length - 1)}`
        : token;
    case '"':
      return token.slice(1, -1);
    case "\\":
      return token.slice(1);
    case "_":
    case "*":
      return "";
    default:
      return token;
  }
}

/** The formats that have a number and no text in a file. */
export const BUILT_IN: Record<number, string> = {
  0: "General",
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  9: "0%",
  10: "0.00%",
  11: "0.00E+00",
  14: "m/d/yy",
  15: "d-mmm-yy",
  16: "d-mmm",
  17: "mmm-yy",
  18: "h:mm AM/PM",
  19: "h:mm:ss AM/PM",
  20: "h:mm",
  21: "h:mm:ss",
  22: "m/d/yy h:mm",
  37: "#,##0_);(#,##0)",
  38: "#,##0_);[Red](#,##0)",
  39: "#,##0.00_);(#,##0.00)",
  40: "#,##0.00_);[Red](#,##0.00)",
  45: "mm:ss",
  46: "[h]:mm:ss",
  47: "mm:ss.0",
  48: "##0.0E+0",
  49: "@",
};
