import pg from "pg";
import { readJson } from "../base/json.ts";

const JSON_TYPE = 114;

/** How our connections read values: as node-postgres does, but `json` with the order of its keys and the kinds of its numbers. */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: (type: number, format?: unknown) =>
    type === JSON_TYPE && format !== "binary" ? readJson : pg.types.getTypeParser(type, format as "text"),
};
