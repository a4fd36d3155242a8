/** Text that is not Ion. */
export class IonSyntaxError extends Error {
  /** Whether the text ends in the middle of a value, so that more of it may help. */
  readonly isIncomplete: boolean;

  constructor(message: string, isIncomplete: boolean) {
    super(message);
    this.name = "IonSyntaxError";
    this.isIncomplete = isIncomplete;
  }
}

/** A text and how far it is read. */
export interface IonCursor {
  readonly text: string;
  at: number;
  /** Whether annotated texts come as `{ion_annotations, value}`, rather than as what they stand for. */
  readonly keepsAnnotations?: boolean;
}

const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;

/** Moves over white space and comments. */
export function skipBlank(cursor: IonCursor) {
  const code = cursor.text.charCodeAt(cursor.at);
  // Nothing to skip is the usual case: anything above a space but a slash.
  if (code > 32 && code !== 47 && code < 128) return;
  BLANK.lastIndex = cursor.at;
  cursor.at += BLANK.exec(cursor.text)?.[0].length ?? 0;
}

/** The error for what stands at the cursor. */
export function unexpected(cursor: IonCursor, at = cursor.at): IonSyntaxError {
  if (at >= cursor.text.length) return new IonSyntaxError("the text ends in the middle of a value", true);
  const shown = JSON.stringify(String.fromCodePoint(cursor.text.codePointAt(at) as number));
  return new IonSyntaxError(`unexpected character ${shown} at column ${at + 1}`, false);
}

/** Moves over one character, which has to be there. */
export function expect(cursor: IonCursor, character: string) {
  if (cursor.text[cursor.at] !== character) throw unexpected(cursor);
  cursor.at++;
}
