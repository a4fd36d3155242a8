import { type PassThrough, Readable } from "node:stream";
import { type ReadStreamOptions, ZipFile } from "yazl";

/** A file that goes into a ZIP archive: all of it, or what opens it when it is its turn. */
export interface ZipPart {
  name: string;
  content: Buffer | (() => AsyncIterable<Uint8Array>);
  options?: Partial<ReadStreamOptions>;
}

/** The bytes of a ZIP archive of these parts. What goes wrong with one of them goes wrong here, and nowhere else. */
export async function* zipStream(parts: Iterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const archive = new ZipFile();
  const output = archive.outputStream as PassThrough;
  archive.on("error", (error: Error) => output.destroy(error));
  let opened: Readable | undefined;
  const open = (content: () => AsyncIterable<Uint8Array>) => {
    opened = Readable.from(content(), { objectMode: false });
    // The library listens to no stream that it is given, and an error that nobody listens to ends the process.
    return opened.on("error", (error) => archive.emit("error", error));
  };
  try {
    for (const { name, content, options = {} } of parts) {
      if (Buffer.isBuffer(content)) archive.addBuffer(content, name, options);
      else archive.addReadStreamLazy(name, options, (callback) => callback(null, open(content)));
    }
    archive.end();
    yield* output as AsyncIterable<Buffer>;
  } finally {
    output.destroy();
    opened?.destroy();
  }
}
