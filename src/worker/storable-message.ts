import { changeDeep } from "../base/change-deep.ts";

// A message longer than this is cut: it is somebody's data, not a message.
const LONGEST = 100_000;

/** A message as Postgres takes it: without NUL and halves of characters, which no text of its may hold. */
export function storableMessage(message: string): string {
  const cut = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  return cut.replaceAll("\0", "\u2400").toWellFormed();
}

/** The same of every text in a value. */
export function storableTexts(value: unknown): unknown {
  return typeof value === "string"
    ? storableMessage(value)
    : changeDeep(value, storableTexts, storableMessage);
}
