import { taskSchema } from "./task-schema.ts";

/** The properties of a task that the engine reads itself; all others belong to its type and are rendered for it. */
export const engineProperties: ReadonlySet<string> = new Set(Object.keys(taskSchema.shape));
