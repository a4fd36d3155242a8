/** The schema of the seed's flow: thirteen fields of a bike ride. */
export const rideSchema = {
  type: "record",
  name: "Ride",
  namespace: "com.example.bikeshare",
  fields: [
    { name: "ride_id", type: "string" },
    { name: "rideable_type", type: "string" },
    { name: "started_at", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "ended_at", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "start_station_name", type: "string" },
    { name: "start_station_id", type: "string" },
    { name: "end_station_name", type: "string" },
    { name: "end_station_id", type: "string" },
    { name: "start_lat", type: "double" },
    { name: "start_lng", type: "double" },
    { name: "end_lat", type: ["null", "double"], default: null },
    { name: "end_lng", type: ["null", "double"], default: null },
    { name: "member_casual", type: "string" },
  ],
};

/** Rides as the seed's CSV has them: milliseconds, names with commas in quotes, and every fourth without an end. */
export function ridesCsv(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const hasEnd = index % 4 !== 1;
    const end = hasEnd ? ['"Wells St, North ""A"""', "KA1503000044", "41.89", "-87.63"] : ["", "", "", ""];
    const seconds = String(index % 60).padStart(2, "0");
    return [
      (0x7569bc890583fcd7n + BigInt(index)).toString(16).toUpperCase(),
      index % 2 ? "classic_bike" : "electric_bike",
      `2024-09-06 08:38:${seconds}.123`,
      `2024-09-06 08:59:${seconds}.9${String(index % 100).padStart(2, "0")}`,
      "Clark St & Elm St",
      "TA1307000039",
      end[0],
      end[1],
      "41.902973",
      "-87.63128",
      end[2],
      end[3],
      "member",
    ].join(",");
  });
  return `${rideSchema.fields.map(({ name }) => name).join(",")}\n${lines.join("\n")}\n`;
}
