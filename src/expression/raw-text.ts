/** Tags of `{% raw %}` with what they protect, within one line as in Kestra. */
const RAW = /\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}/g;

/** A text without the tags that protected parts of it: they go at the end, also those that came with data. */
export function stripRaw(text: string): string {
  return text.includes("raw") && text.includes("{%") ? text.replace(RAW, "$1") : text;
}
