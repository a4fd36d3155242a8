/** What a downloaded file is called: by its Content-Disposition (RFC 6266), else by the last part of its URL. */
export function responseFileName(url: URL, contentDisposition: string | undefined): string {
  const named = contentDisposition && dispositionFileName(contentDisposition);
  const last = decode(url.pathname.split("/").at(-1) ?? "");
  return lastSegment(named || "") || lastSegment(last) || "download";
}

function dispositionFileName(header: string): string | undefined {
  const extended = /(?:^|;)\s*filename\*\s*=\s*"?([\w!#$%&+^`{}~.-]*)'[^']*'([^;"\s]+)/i.exec(header);
  if (extended?.[2] !== undefined) return decode(extended[2], /^iso-8859-1$/i.test(extended[1] ?? ""));
  const plain = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/i.exec(header);
  return plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2]?.trim();
}

/** Undoes percent-encoding; a text that is not well encoded stays as it is. */
function decode(text: string, isLatin1 = false): string {
  try {
    return isLatin1
      ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name may not lead into a folder, whatever the server says. */
function lastSegment(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  return /^\.*$/.test(last) ? "" : last;
}
