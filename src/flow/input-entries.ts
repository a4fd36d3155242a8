import { entriesOf, type Identified } from "./check-unique.ts";
import type { Input, WrittenInput } from "./input-schema.ts";
import type { Path } from "./issue.ts";
import { isWritten, type Written } from "./written.ts";

/** An input as it is written, and where it says what it depends on: a form says that for all in it. */
export interface InputEntry extends Identified {
  value: unknown;
  dependsAt: Path;
}

/** The inputs in a list as they are written, those of forms under their dotted ids. */
export function inputEntries(holder: Written, property = "inputs"): InputEntry[] {
  return entriesOf(holder, property).flatMap((entry) => {
    const { value, id, path } = entry;
    if (!isWritten(value) || value.type !== "FORM" || !Array.isArray(value.inputs))
      return [{ ...entry, dependsAt: [...path, "dependsOn"] }];
    return entriesOf(value, "inputs").map((child) => ({
      dependsAt:
        isWritten(child.value) && child.value.dependsOn !== undefined
          ? [...path, ...child.path, "dependsOn"]
          : [...path, "dependsOn"],
      id: id === undefined || child.id === undefined ? undefined : `${id}.${child.id}`,
      path: [...path, ...child.path],
      value: isWritten(child.value)
        ? { ...child.value, id: `${id}.${child.value.id}`, ...dependenceIn(value, child.value) }
        : child.value,
    }));
  });
}

/** The inputs of a flow, those of forms under their dotted ids. */
export function leavesOf(inputs: readonly WrittenInput[]): Input[] {
  return inputs.flatMap((input) =>
    input.type === "FORM"
      ? input.inputs.map((child) => ({
          ...child,
          id: `${input.id}.${child.id}`,
          ...dependenceIn(input, child),
        }))
      : [input],
  );
}

/** What a form depends on, all in it do; one that says so itself says it in place of the form. */
function dependenceIn<T extends { dependsOn?: unknown }>(
  form: T,
  child: { dependsOn?: unknown },
): { dependsOn?: never } {
  return (child.dependsOn ?? form.dependsOn) === undefined
    ? {}
    : { dependsOn: (child.dependsOn ?? form.dependsOn) as never };
}

/** The map with inputs that have no `id` under their `name`, as that was called once. */
export function withInputIds(holder: Written, property = "inputs"): Written {
  const inputs = holder[property];
  if (!Array.isArray(inputs)) return holder;
  return {
    ...holder,
    [property]: inputs.map((input: unknown) => (isWritten(input) ? withId(input) : input)),
  };
}

function withId(input: Written): Written {
  const whole = input.type === "FORM" ? withInputIds(input) : input;
  return whole.id === undefined && typeof whole.name === "string" ? { id: whole.name, ...whole } : whole;
}
