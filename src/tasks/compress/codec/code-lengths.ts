/** The lengths of a Huffman code for symbols that come so often. None is longer than `longest`; each is 1 at least. */
export function codeLengths(frequencies: number[], longest: number): number[] {
  let weights = frequencies.map((frequency) => Math.max(1, frequency));
  for (;;) {
    const lengths = lengthsOf(weights);
    if (Math.max(...lengths) <= longest) return lengths;
    // Flatter weights give a flatter tree.
    weights = weights.map((weight) => 1 + (weight >> 1));
  }
}

function lengthsOf(weights: number[]): number[] {
  const nodes = weights.map((weight, symbol) => ({ weight, symbols: [symbol] }));
  const lengths = new Array<number>(weights.length).fill(nodes.length === 1 ? 1 : 0);
  while (nodes.length > 1) {
    nodes.sort((one, other) => other.weight - one.weight);
    const [one, other] = nodes.splice(-2) as [(typeof nodes)[0], (typeof nodes)[0]];
    const symbols = [...one.symbols, ...other.symbols];
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] as number) + 1;
    nodes.push({ weight: one.weight + other.weight, symbols });
  }
  return lengths;
}
