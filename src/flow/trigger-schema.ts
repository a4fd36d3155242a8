import { z } from "zod";
import { taskIdentifier } from "./words.ts";

/** The trigger types of the flow language. */
export const triggerTypes: ReadonlySet<string> = new Set([
  "io.kestra.plugin.core.trigger.Schedule",
  "io.kestra.plugin.core.trigger.ScheduleOnDates",
  "io.kestra.plugin.core.trigger.Webhook",
  "io.kestra.plugin.core.trigger.Flow",
  "io.kestra.plugin.core.http.Trigger",
]);

/** What every trigger takes; the properties of each type come with the triggers themselves. */
export const triggerSchema = z.looseObject({
  id: taskIdentifier(),
  type: z.string(),
  description: z.string().optional(),
  disabled: z.boolean().optional(),
});
