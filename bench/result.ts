import type { Machine } from "./machine.ts";

/** Numbers by name; a name ends in its unit. */
export type Figures = Readonly<Record<string, number>>;

/** What a benchmark measured. */
export interface Measured {
  /** Ours. */
  figures: Figures;
  /** The same, or the least that it must cost, done with less: measured in the same run, in turns with ours. */
  floor: Figures;
  /** Ours by the floor's. */
  ratios: Figures;
  /** What exactly was measured, in sentences. */
  notes: readonly string[];
}

/** What `npm run bench -- NAME --json` prints. */
export interface BenchResult extends Measured {
  name: string;
  machine: Machine;
}

/** How often and how big; every benchmark has its own defaults. */
export interface BenchOptions {
  /** How often each measurement is repeated. */
  runs: number | undefined;
  /** The big variant, where a benchmark has one. */
  isLarge: boolean;
  /** Sizes so small that the figures mean nothing: shows that the benchmark works. */
  isTiny: boolean;
  /** Says how far it is. */
  say: (line: string) => void;
}

/** A benchmark. */
export interface Bench {
  name: string;
  summary: string;
  measure(options: BenchOptions): Promise<Measured>;
}

/** Rounds to three digits that count: more would only be noise. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3));
}

/** All figures rounded. */
export function roundedFigures(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)]));
}
