/** A duration for a person: `840 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "";
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  // Rounded first: 59.96 s are a minute, not 60.0 s.
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A time for a person, in the time zone of this machine, to the second. */
export function timeText(time: Date | null | undefined): string {
  return time ? localText(time).slice(0, 19) : "";
}

/** The time of day, likewise, to the millisecond. */
export function clockText(time: Date): string {
  return localText(time).slice(11, 23);
}

function localText(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().replace("T", " ");
}

/** A number of bytes for a person. */
export function sizeText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let power = 0;
  // 999,950 bytes would be rounded to 1000.0 KB.
  while (bytes / 1000 ** power >= (power === 0 ? 1000 : 999.95) && power < units.length - 1) power += 1;
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** How many of something: `1 file`, `2 files`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
