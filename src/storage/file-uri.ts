import type { FilePlace } from "./storage.ts";

/** The URI of a file: where it belongs, then an id that makes it unique and unguessable, then its name. */
export function newFileUri(place: FilePlace, id: string): string {
  const segments = [
    ...place.namespace.split("."),
    slug(place.flowId),
    "executions",
    place.executionId,
    "tasks",
    slug(place.taskId),
    place.taskRunId,
    `${id}-${fileName(place.name)}`,
  ];
  return `kestra:///${segments.map(encodeURIComponent).join("/")}`;
}

/** The URI of a file that was uploaded, before there was an execution to belong to. */
export function uploadUri(id: string, name: string): string {
  return `kestra:///inputs/${id}-${encodeURIComponent(name)}`;
}

/** The name under which a file is kept: the last part of a path, without blanks and control characters, not too long. */
export function fileName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const plain = [...last.replace(/[\s\p{Cc}]+/gu, "_")];
  const dot = plain.lastIndexOf(".");
  const extension = dot > 0 && plain.length - dot <= LONGEST_EXTENSION ? plain.splice(dot).join("") : "";
  while (Buffer.byteLength(plain.join("") + extension) > LONGEST_NAME) plain.pop();
  return plain.join("") + extension || "file";
}

// File systems allow 255 bytes; the id in front of the name takes 37.
const LONGEST_NAME = 200;
const LONGEST_EXTENSION = 16;

function slug(id: string): string {
  return id.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
