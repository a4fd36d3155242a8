/** Where the files that tasks hand on are kept. */
export interface Storage {
  /** Streams a new file in and returns its URI once it is complete; on an error or abort nothing stays behind. */
  put(place: FilePlace, content: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<StoredFile>;
  /** Streams a file out, or a part of it; RP404 `file_not_found` when there is none. */
  get(uri: string, signal?: AbortSignal, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** What is known of a file without reading it; RP404 `file_not_found` when there is none. */
  stat(uri: string): Promise<FileInfo>;
  /** Takes back a file that a task stored before it failed. Nothing happens when there is none. */
  remove(uri: string): Promise<void>;
}

/** A file that is complete. */
export interface StoredFile {
  uri: string;
  /** Its length in bytes. */
  size: number;
}

/** What a file is called, and how long it is. */
export interface FileInfo extends StoredFile {
  name: string;
}

/** Where a file belongs: its URI is made of it. */
export interface FilePlace {
  namespace: string;
  flowId: string;
  executionId: string;
  taskId: string;
  taskRunId: string;
  /** The attempt that stores it. One that is not running any more is refused. */
  attemptId: string;
  /** What a person would call it: `data.ion`. */
  name: string;
}

/** Bytes `start` to `end`, both counted from 0, `end` not included. A range may reach past the end of the file. */
export interface ByteRange {
  start?: number;
  end?: number;
}
