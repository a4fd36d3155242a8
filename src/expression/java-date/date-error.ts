/** A date that cannot be read or written. The message is java.time's, word for word where flows and their users know it. */
export class DateTimeError extends Error {
  override readonly name = "DateTimeError";
}

/** What java.time says of a text that does not fit: at which index, or why the values do not go together. */
export function unparsable(text: string, reason: string): DateTimeError {
  const shown = text.length > 64 ? `${text.slice(0, 64)}...` : text;
  return new DateTimeError(`Text '${shown}' could not be parsed${reason}`);
}
