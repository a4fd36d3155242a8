const SCHEMA = {
  type: "record",
  name: "Ride",
  namespace: "com.example.bikeshare",
  fields: [
    ...["ride_id", "rideable_type"].map((name) => ({ name, type: "string" })),
    ...["started_at", "ended_at"].map((name) => ({
      name,
      type: { type: "long", logicalType: "timestamp-millis" },
    })),
    ...["start_station_name", "start_station_id", "end_station_name", "end_station_id"].map((name) => ({
      name,
      type: "string",
    })),
    ...["start_lat", "start_lng"].map((name) => ({ name, type: "double" })),
    ...["end_lat", "end_lng"].map((name) => ({ name, type: ["null", "double"], default: null })),
    { name: "member_casual", type: "string" },
  ],
};

const convert = (id: string, type: string) => ({
  id,
  type: `io.kestra.plugin.serdes.${type}`,
  from: "{{ outputs.convert.uri }}",
  datetimeFormat: "yyyy-MM-dd HH:mm:ss.SSS",
  schema: JSON.stringify(SCHEMA),
});

const toParquet = convert("to_parquet", "parquet.IonToParquet");

/** The text of a flow that fetches a CSV of rides and converts it to Ion and to Parquet. */
export function csvFlow(url: string): string {
  return flow("rides", [
    { id: "fetch", type: "io.kestra.plugin.core.http.Download", uri: `${url}/rides.csv` },
    { id: "convert", type: "io.kestra.plugin.serdes.csv.CsvToIon", from: "{{ outputs.fetch.uri }}" },
    toParquet,
  ]);
}

/** The same from a ZIP archive, and to Avro too. */
export function zipFlow(url: string): string {
  return flow("zipped_rides", [
    { id: "fetch", type: "io.kestra.plugin.core.http.Download", uri: `${url}/rides.zip` },
    {
      id: "unzip",
      type: "io.kestra.plugin.compress.ArchiveDecompress",
      algorithm: "ZIP",
      from: "{{ outputs.fetch.uri }}",
    },
    {
      id: "convert",
      type: "io.kestra.plugin.serdes.csv.CsvToIon",
      from: "{{ outputs.unzip.files['rides.csv'] }}",
    },
    toParquet,
    convert("to_avro", "avro.IonToAvro"),
  ]);
}

/** JSON is YAML. */
function flow(id: string, tasks: readonly object[]): string {
  return JSON.stringify({ id, namespace: "bench", tasks }, null, 2);
}
