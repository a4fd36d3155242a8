// Of the form of the bike rides that the example flow converts: 13 columns, 200 bytes a row, quoted station names with
// commas, timestamps with milliseconds, some ends without coordinates.
const HEADER =
  "ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual\n";
const TYPES = ["electric_bike", "classic_bike", "electric_scooter"];
const STREETS = ["Lake Shore", "Wells", "Clark", "Kingsbury", "Broadway", "Ashland", "Michigan", "Halsted"];
const ROWS_A_PIECE = 5_000;
// More shapes than any compression window holds at once, few enough to make in a moment.
const SHAPES = 20_000;

/** Makes a CSV of so many rides, piece by piece; the same count makes the same bytes. */
export function* rideCsv(rows: number): Generator<Buffer> {
  yield Buffer.from(HEADER);
  const random = seeded(20_240_501);
  const shapes = Array.from({ length: Math.min(SHAPES, rows) }, () => rideWithoutId(random));
  for (let done = 0; done < rows; done += ROWS_A_PIECE) {
    const lines: string[] = [];
    for (let row = done; row < Math.min(done + ROWS_A_PIECE, rows); row += 1) {
      const id = Math.floor(random() * 2 ** 48)
        .toString(16)
        .toUpperCase()
        .padStart(16, "A");
      lines.push(id, shapes[Math.floor(random() * shapes.length)] as string);
    }
    yield Buffer.from(lines.join(""));
  }
}

function rideWithoutId(random: () => number): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] as string;
  const station = () => `"${pick(STREETS)} Ave, ${pick(STREETS)} St"`;
  const stationId = () => `TA${Math.floor(1e9 + random() * 9e9)}`;
  const begin = 1_714_521_600_000 + Math.floor(random() * 2_592_000_000);
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 23).replace("T", " ");
  const place = () => `${(41.6 + random() * 0.4).toFixed(6)},${(-87.8 + random() * 0.3).toFixed(6)}`;
  const end = random() < 0.01 ? "," : place();
  const ended = begin + 60_000 + Math.floor(random() * 3_600_000);
  return `,${pick(TYPES)},${time(begin)},${time(ended)},${station()},${stationId()},${station()},${stationId()},${place()},${end},${random() < 0.6 ? "member" : "casual"}\n`;
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
