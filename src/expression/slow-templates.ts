/** Templates that have lately taken longer than there is patience for: a loop over one asks for patience once, and not in each iteration. */
const slow = new Set<string>();
/** More are hardly slow at the same time, and long ones would keep much text. */
const MOST_KEPT = 200;
const LONGEST_KEPT = 100_000;

export function isSlow(source: string): boolean {
  return slow.has(source);
}

export function noteSlow(source: string): void {
  if (source === "" || source.length > LONGEST_KEPT) return;
  if (slow.size >= MOST_KEPT) slow.delete(slow.values().next().value as string);
  slow.add(source);
}

/** It was quick this time, with other values. */
export function forgetSlow(source: string): void {
  slow.delete(source);
}
