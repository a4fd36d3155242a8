/** An exact decimal number: `unscaled` divided by ten to the power of `scale`. */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** As java.math.BigDecimal writes it. */
  toString(): string {
    const digits = String(this.unscaled < 0n ? -this.unscaled : this.unscaled);
    const sign = this.unscaled < 0n ? "-" : "";
    const exponent = -this.scale + digits.length - 1;
    if (this.scale >= 0 && exponent >= -6) return this.toPlainString();
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${fraction}E${exponent >= 0 ? "+" : ""}${exponent}`;
  }

  /** Without an exponent, however many zeros that takes: at least as many characters as the scale says. */
  toPlainString(): string {
    if (this.scale <= 0) return String(this.unscaled) + (this.unscaled === 0n ? "" : "0".repeat(-this.scale));
    const digits = String(this.unscaled < 0n ? -this.unscaled : this.unscaled).padStart(this.scale + 1, "0");
    return `${this.unscaled < 0n ? "-" : ""}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
  }
}

/** Reads what java.math.BigDecimal reads; undefined for anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)(?=\d|\.\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const unscaled = BigInt(`${whole}${fraction}`);
  return new Decimal(sign === "-" ? -unscaled : unscaled, fraction.length - Number(exponent));
}

// As far as zeros are written out behind the point.
const SMALLEST_EXPONENT = -6;

/** As Ion text: with a point, or an exponent of its own. */
export function ionDecimal({ unscaled, scale }: Decimal): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled);
  const sign = unscaled < 0n ? "-" : "";
  if (scale === 0) return `${sign}${digits}.`;
  if (scale < 0) return `${sign}${digits}d${-scale}`;
  const exponent = digits.length - 1 - scale;
  if (exponent < SMALLEST_EXPONENT) return `${sign}${digits}d-${scale}`;
  const padded = digits.padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
