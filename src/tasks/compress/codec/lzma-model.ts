/**
 * What encoder and decoder of LZMA share: how likely each bit is, learned as it goes. The bits of a kind lie behind one
 * another in one array; these are their places.
 */
export const IS_MATCH = 0;
export const IS_REP = 192;
export const IS_REP_0 = 204;
export const IS_REP_1 = 216;
export const IS_REP_2 = 228;
export const IS_REP_0_LONG = 240;
export const SLOT = 432;
export const SPECIAL = 688;
export const ALIGN = 816;
export const LENGTH = 832;
export const REP_LENGTH = 1346;
export const LITERAL = 1860;

/** Within a length: whether it is short, whether it is of middle size, and the trees. */
export const LONGER = 0;
export const LONGEST = 1;
export const SHORT_TREE = 2;
export const MIDDLE_TREE = 130;
export const LONG_TREE = 258;

/** The shortest copy. */
export const LEAST_LENGTH = 2;
/** The bits of a distance that are learned one by one, and those that are not learned at all. */
export const FIRST_SPECIAL = 4;
export const FIRST_ALIGNED = 14;

/** How the bits depend on what was before. */
export interface LzmaModel {
  probabilities: Uint16Array;
  /** Which of twelve situations: after a literal, a copy, and so on. */
  state: number;
  /** The last four distances, less one. */
  reps: [number, number, number, number];
  lc: number;
  lp: number;
  pb: number;
}

/** A model that has learned nothing. */
export function newModel(lc: number, lp: number, pb: number): LzmaModel {
  const probabilities = new Uint16Array(LITERAL + (0x300 << (lc + lp))).fill(1024);
  return { probabilities, state: 0, reps: [0, 0, 0, 0], lc, lp, pb };
}

/** Makes it forget. */
export function resetModel(model: LzmaModel) {
  model.probabilities.fill(1024);
  model.state = 0;
  model.reps = [0, 0, 0, 0];
}

/** Where the bits of a literal begin, after its place and the byte before it. */
export function literalPlace({ lc, lp }: LzmaModel, position: number, before: number): number {
  return LITERAL + 0x300 * (((position & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
}

export function afterLiteral(state: number): number {
  return state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
}
