/** `npm run generate`: writes the reference of the flow language, and its JSON Schema, into `docs`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../base/version.ts";
import { flowSchemaText } from "./reference/flow-schema.ts";
import { referencePages } from "./reference/pages.ts";

const docs = join(packageRoot, "docs");
await mkdir(docs, { recursive: true });
const files = { ...referencePages(), "flow.schema.json": flowSchemaText() };
await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(docs, name), text)));
