import { setTimeout as delay } from "node:timers/promises";

/** How long to look, and what for. */
export interface UntilOptions {
  /** What the failure says was awaited. */
  what?: string;
  timeoutMs?: number;
}

/** Looks again and again until the condition gives something true, and gives that. Fails when it takes too long. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what = "the condition", timeoutMs = 15_000 }: UntilOptions = {},
): Promise<Exclude<Awaited<T>, false | null | undefined | 0 | "">> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<Awaited<T>, false | null | undefined | 0 | "">;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await delay(10);
  }
}
