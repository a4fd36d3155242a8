// Placeholder until `npm run generate` has run.
export interface SqlFunctions {
  [name: `${string}.${string}`]: { arguments: Record<string, unknown>; result: any; returnsSet: boolean };
}
export const functionArguments: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
