/** The YAML of a `Return`. */
function task(id: string, format = "a"): string {
  return `{ id: ${id}, type: io.kestra.plugin.core.debug.Return, format: "${format}" }`;
}

function block(id: string, type: string, rest: string): string {
  return `{ id: ${id}, type: io.kestra.plugin.core.flow.${type}, ${rest} }`;
}

function flow(id: string, tasks: string): string {
  return `id: ${id}\nnamespace: bench\ntasks: [${tasks}]\n`;
}

/** A Parallel of so many tasks, and one behind it that joins them. */
export function fanOut(width: number): string {
  const children = Array.from({ length: width }, (_, index) => task(`child_${index}`));
  return flow(
    `fan_out_${width}`,
    `${block("all", "Parallel", `tasks: [${children.join(", ")}]`)}, ${task("join")}`,
  );
}

/** A loop over so many values, all at once. */
export function loop(length: number): string {
  const values = JSON.stringify(Array.from({ length }, (_, index) => index));
  return flow(
    `loop_${length}`,
    block(
      "each",
      "ForEach",
      `concurrencyLimit: 0, values: '${values}', tasks: [${task("body", "{{ taskrun.value }}")}]`,
    ),
  );
}

/** A loop over so many values in which one task reads what the one before it gave there; where that is unseen, by a name that is computed. */
export function readingLoop(length: number, { isUnseen = false } = {}): string {
  const values = JSON.stringify(Array.from({ length }, (_, index) => index));
  const body = isUnseen ? "outputs['bo' ~ 'dy']" : "outputs.body";
  const tasks = [task("body", "{{ taskrun.value }}"), task("reader", `{{ ${body}[taskrun.value].value }}`)];
  return flow(
    `reading_loop_${length}`,
    block("each", "ForEach", `concurrencyLimit: 0, values: '${values}', tasks: [${tasks.join(", ")}]`),
  );
}

/** Sequentials in each other, so many deep, with one task in the innermost. */
export function nest(depth: number): string {
  let inner = task("leaf");
  for (let level = depth; level > 0; level -= 1)
    inner = block(`level_${level}`, "Sequential", `tasks: [${inner}]`);
  return flow(`nest_${depth}`, inner);
}
