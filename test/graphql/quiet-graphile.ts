// Grafast asks on import which environment it is in, and says so when nobody answers.
process.env.GRAPHILE_ENV ??= "development";
