// A message longer than this is cut: it is somebody's data, not a message.
const LONGEST = 100_000;

/** A message as Postgres takes it: without NUL, which no text of its may hold. */
export function storableMessage(message: string): string {
  const cut = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  return cut.replaceAll("\0", "\u2400");
}
