/**
 * The beginning of a text, for a message, with a mark where it is cut: by the mark a piece of a secret is known that the cut has left. Whoever
 * cuts without one may show it.
 */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
