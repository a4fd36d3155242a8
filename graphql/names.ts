import type {} from "postgraphile";

/** Columns and functions keep the names that SQL gives them. */
export const NamesPlugin: GraphileConfig.Plugin = {
  name: "NamesPlugin",
  version: "0.0.0",
  description: "One name per thing: columns and functions keep the names that SQL gives them.",
  inflection: {
    replace: {
      // Without this, `id` would become `rowId`, and everything of a second schema would get its name as a prefix.
      _attributeName: (previous, _options, details) => previous?.({ ...details, skipRowId: true }) ?? "",
      _schemaPrefix: () => "",
      // The tables lend their names to the views, which are what shows.
      classCodecName(previous, _options, details) {
        const isTable = ["r", "p"].includes(details.pgClass.relkind);
        return `${isTable ? "stored_" : ""}${previous?.(details) ?? ""}`;
      },
      // `flow`, not `flowByNamespaceAndId`: a view has one key.
      rowByUnique(_previous, _options, { resource }) {
        return this.camelCase(this._singularizedCodecName(resource.codec));
      },
    },
  },
};
