/** The labels of an execution without the one that says with what it hangs together, which each has. */
export function ownLabels(labels: unknown): Record<string, string> {
  const { "system.correlationId": _, ...own } = labels as Record<string, string>;
  return own;
}
