/** What the result of a conversion is called: the name of its source with another extension. */
export function storedName(source: string, extension: string): string {
  const base = source.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, "");
  return `${base}.${extension}`;
}
