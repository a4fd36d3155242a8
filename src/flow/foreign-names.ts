/** What templates of Airflow, Argo, GitHub and others call by names of their own, and what it is here. */
const here: Readonly<Record<string, string>> = {
  ...names("execution.startDate | date('yyyy-MM-dd')", "ds"),
  ...names("execution.startDate", "ts", "logical_date", "execution_date", "data_interval_start"),
  ...names("execution.id", "run_id", "dag_run", "run", "workflow"),
  ...names("flow.id", "dag", "dag_id"),
  ...names("task.id", "task_id"),
  ...names("outputs.TASK_ID", "task_instance", "ti", "steps", "needs"),
  ...names("inputs.ID", "params", "parameters"),
  ...names("vars.NAME", "var", "variables"),
  ...names("envs.name", "env", "environ"),
};

/** What stands here for a name of another system; undefined where it is none. */
export function foreignName(name: string): string | undefined {
  return Object.hasOwn(here, name) ? `Write \`${here[name]}\`.` : undefined;
}

function names(meant: string, ...foreign: string[]): Record<string, string> {
  return Object.fromEntries(foreign.map((name) => [name, meant]));
}
