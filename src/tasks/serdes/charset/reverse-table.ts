/** The charsets of the web with more than one byte for a character that can be turned around: in the others a byte has not always one meaning. */
const WIDE = new Set(["shift_jis", "euc-jp", "big5", "gbk", "gb18030", "euc-kr"]);

/** Whether a charset, by the name that TextDecoder gives it, can be written by turning around how it is read. */
export function isReversible(encoding: string): boolean {
  return (
    WIDE.has(encoding) || /^(windows-(874|125\d)|iso-8859-\d+|koi8-[ru]|ibm866|macintosh)$/.test(encoding)
  );
}

/** The bytes of each character of a charset. Of several ways to write one the first counts. */
export function reverseTable(encoding: string): Map<string, Buffer> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const table = new Map<string, Buffer>();
  for (const bytes of sequences(encoding)) {
    const text = decoder.decode(bytes);
    const isOne = text.length === (isHigh(text) ? 2 : 1) && text !== "\uFFFD";
    if (isOne && !table.has(text)) table.set(text, Buffer.from(bytes));
  }
  return table;
}

function isHigh(text: string): boolean {
  return text.charCodeAt(0) >= 0xd800 && text.charCodeAt(0) < 0xdc00;
}

function* sequences(encoding: string): Generator<Uint8Array> {
  for (let byte = 0; byte < 256; byte++) yield Uint8Array.of(byte);
  if (!WIDE.has(encoding)) return;
  for (let first = 0x81; first < 0xff; first++) {
    for (let second = 0x40; second < 0xff; second++) {
      if (!isLesser(encoding, first, second)) yield Uint8Array.of(first, second);
    }
  }
  if (encoding === "euc-jp") yield* threeBytes();
  if (encoding === "gb18030") yield* fourBytes();
}

/** What others write otherwise: characters that NEC and Hong Kong have a second time, and two numerals. */
function isLesser(encoding: string, first: number, second: number): boolean {
  if (encoding === "shift_jis") return first === 0xed || first === 0xee;
  if (encoding !== "big5") return false;
  return first < 0xa1 || (first === 0xa2 && (second === 0xcc || second === 0xce));
}

function* threeBytes(): Generator<Uint8Array> {
  for (let second = 0xa1; second < 0xff; second++) {
    for (let third = 0xa1; third < 0xff; third++) yield Uint8Array.of(0x8f, second, third);
  }
}

/** The rest of the first plane, in its order; of the others `gb18030Bytes` knows the place. */
function* fourBytes(): Generator<Uint8Array> {
  for (let index = 0; index < 39_420; index++) yield fourBytesOf(index);
}

function fourBytesOf(index: number): Buffer {
  const digits = [
    Math.floor(index / 12_600),
    Math.floor(index / 1260) % 10,
    Math.floor(index / 10) % 126,
    index % 10,
  ];
  return Buffer.from(digits.map((digit, place) => digit + (place % 2 === 0 ? 0x81 : 0x30)));
}

// Where the planes behind the first begin.
const PLANES = 189_000;

/** A character behind the first plane in GB18030, which has them all one behind the other. */
export function gb18030Bytes(code: number): Buffer {
  return fourBytesOf(PLANES + code - 0x10000);
}
