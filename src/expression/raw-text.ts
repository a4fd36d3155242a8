const TAG = /\{%-?\s*(raw|endraw)\s*-?%\}/g;

/**
 * A text without the tags of `{% raw %}` that protected parts of it: they go at the end, also those that came with data. Tag by
 * tag, since a pattern for a whole block would look for the end of each of a million beginnings.
 */
export function stripRaw(text: string): string {
  if (!text.includes("endraw")) return text;
  let stripped = "";
  let from = 0;
  let opening: { start: number; end: number } | undefined;
  for (const match of text.matchAll(TAG)) {
    const end = match.index + match[0].length;
    if (match[1] === "raw") opening ??= { start: match.index, end };
    else if (opening !== undefined) {
      stripped += text.slice(from, opening.start) + text.slice(opening.end, match.index);
      from = end;
      opening = undefined;
    }
  }
  return stripped + text.slice(from);
}
