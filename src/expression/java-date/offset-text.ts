/** An offset in a text, and where it ends. */
export interface OffsetMatch {
  seconds: number;
  end: number;
}

/**
 * The patterns by number, as java.time counts them: `+HH`, `+HHmm`, `+HH:mm`, `+HHMM`, `+HH:MM`, `+HHMMss`, `+HH:MM:ss`, `+HHMMSS`,
 * `+HH:MM:SS`. Small letters: only where they are not zero. Even ones have colons.
 */
const hasMinutes = (pattern: number) => pattern >= 1;
const needsMinutes = (pattern: number) => pattern >= 3;
const hasSeconds = (pattern: number) => pattern >= 5;
const needsSeconds = (pattern: number) => pattern >= 7;
const colon = (pattern: number) => (pattern > 0 && pattern % 2 === 0 ? ":" : "");

export function readOffset(
  text: string,
  position: number,
  pattern: number,
  zero: string,
  { isLenient = false, ignoresCase = false } = {},
): OffsetMatch | undefined {
  if (zero !== "" && startsWith(text, zero, position, ignoresCase))
    return { seconds: 0, end: position + zero.length };
  const sign = text.charAt(position);
  if (sign !== "+" && sign !== "-") return undefined;
  const hours = twoDigits(text, position + 1, "");
  if (hours === undefined) return undefined;
  let end = position + 3;
  const minutes = isLenient || hasMinutes(pattern) ? twoDigits(text, end, colon(pattern)) : undefined;
  if (!isLenient && minutes === undefined && needsMinutes(pattern)) return undefined;
  if (minutes !== undefined) end += 2 + colon(pattern).length;
  const seconds =
    (isLenient || hasSeconds(pattern)) && minutes !== undefined
      ? twoDigits(text, end, colon(pattern))
      : undefined;
  if (!isLenient && seconds === undefined && needsSeconds(pattern)) return undefined;
  if (seconds !== undefined) end += 2 + colon(pattern).length;
  const total = hours * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return { seconds: sign === "-" && total !== 0 ? -total : total, end };
}

export function writeOffset(seconds: number, pattern: number, zero: string): string {
  if (seconds === 0) return zero;
  const total = Math.abs(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  let text = `${seconds < 0 ? "-" : "+"}${two(hours)}`;
  let shown = hours;
  if (needsMinutes(pattern) || (hasMinutes(pattern) && minutes > 0)) {
    text += colon(pattern) + two(minutes);
    shown += minutes;
    if (needsSeconds(pattern) || (hasSeconds(pattern) && rest > 0)) {
      text += colon(pattern) + two(rest);
      shown += rest;
    }
  }
  return shown === 0 ? zero : text;
}

/** Whether a text stands at a place of another. */
export function startsWith(text: string, wanted: string, position: number, ignoresCase: boolean): boolean {
  if (!ignoresCase || text.startsWith(wanted, position)) return text.startsWith(wanted, position);
  return text.slice(position, position + wanted.length).toLowerCase() === wanted.toLowerCase();
}

/** `GMT`, `GMT+1`, `GMT+01:00`. */
export function readLocalOffset(text: string, position: number, isFull: boolean): OffsetMatch | undefined {
  if (!text.startsWith("GMT", position)) return undefined;
  const match = isFull ? /[+-]\d\d:\d\d(?::\d\d)?/y : /[+-]\d{1,2}(?::\d\d)?/y;
  match.lastIndex = position + 3;
  const offset = match.exec(text)?.[0];
  if (offset === undefined) return { seconds: 0, end: position + 3 };
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(":").map(Number);
  const total = hours * 3600 + minutes * 60 + seconds;
  return {
    seconds: offset.startsWith("-") && total !== 0 ? -total : total,
    end: position + 3 + offset.length,
  };
}

export function writeLocalOffset(seconds: number, isFull: boolean): string {
  if (seconds === 0) return "GMT";
  if (isFull) return `GMT${writeOffset(seconds, 6, "")}`;
  const total = Math.abs(seconds);
  const [minutes, rest] = [Math.floor(total / 60) % 60, total % 60];
  const hours = `GMT${seconds < 0 ? "-" : "+"}${Math.floor(total / 3600)}`;
  if (minutes === 0 && rest === 0) return hours;
  return `${hours}:${two(minutes)}${rest === 0 ? "" : `:${two(rest)}`}`;
}

function twoDigits(text: string, position: number, separator: string): number | undefined {
  if (separator !== "" && text.charAt(position) !== separator) return undefined;
  const digits = text.slice(position + separator.length, position + separator.length + 2);
  if (!/^\d\d$/.test(digits)) return undefined;
  const value = Number(digits);
  return value > 59 ? undefined : value;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
