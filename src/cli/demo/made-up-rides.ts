/** The columns of the real trip data, in their order. */
export const rideColumns = [
  "ride_id",
  "rideable_type",
  "started_at",
  "ended_at",
  "start_station_name",
  "start_station_id",
  "end_station_name",
  "end_station_id",
  "start_lat",
  "start_lng",
  "end_lat",
  "end_lng",
  "member_casual",
] as const;

/** What is known of the rides that were made up, to compare with what comes out at the end. */
export interface RideFacts {
  /** The first millisecond of the month. */
  monthStartMs: number;
  rows: number;
  /** Rides without end coordinates. */
  emptyEnds: number;
  /** Rides from a station whose name holds a comma. */
  commaNames: number;
  /** Milliseconds from the start of the month to each start, summed up: one wrong timestamp changes it. */
  startOffsetSum: number;
}

// Names with commas are what makes a CSV file more than lines to split.
const stations = [
  { name: "Clark St & Elm St", id: "TA1307000039", lat: 41.902973, lng: -87.63128 },
  { name: "Wells St & Concord Ln", id: "TA1308000050", lat: 41.912133, lng: -87.634656 },
  { name: "Kingsbury St & Kinzie St", id: "KA1503000043", lat: 41.889177, lng: -87.638506 },
  { name: "University Ave & 57th St", id: "KA1503000071", lat: 41.791478, lng: -87.599861 },
  { name: "Public Rack - Pulaski Rd, South", id: "915", lat: 41.8506, lng: -87.7246 },
  { name: "Streeter Dr & Grand Ave, Navy Pier", id: "13022", lat: 41.892278, lng: -87.612043 },
] as const;
const bikes = ["classic_bike", "electric_bike", "electric_scooter"] as const;

/** About as much as goes through a pipe at once. */
const chunkLength = 128 * 1024;

/**
 * Makes up a month of rides as CSV, chunk by chunk, the same for the same month and number. The facts grow with it and are
 * whole when it has ended.
 */
export function* makeUpRides(month: string, rows: number, facts: RideFacts): Generator<string> {
  const start = monthStart(month);
  const length = monthStart(nextMonth(month)) - start;
  const random = createRandom(Number(month));
  facts.monthStartMs = start;
  let chunk = `${rideColumns.join(",")}\n`;
  for (let number = 0; number < rows; number += 1) {
    const offset = Math.floor(((number + random()) / rows) * (length - 1));
    chunk += rideLine(number, start + offset, random, facts);
    facts.rows += 1;
    facts.startOffsetSum += offset;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

/** Facts about nothing yet. */
export function noFacts(): RideFacts {
  return { monthStartMs: 0, rows: 0, emptyEnds: 0, commaNames: 0, startOffsetSum: 0 };
}

function rideLine(number: number, startMs: number, random: () => number, facts: RideFacts): string {
  const from = pick(stations, random);
  const to = pick(stations, random);
  // A bike that was never brought back has no end, in the real data too: about one in five hundred.
  const isLost = random() < 0.002;
  if (isLost) facts.emptyEnds += 1;
  if (from.name.includes(",")) facts.commaNames += 1;
  const endMs = startMs + 60_000 + Math.floor(random() * 3_600_000);
  const id = (number * 2_654_435_761 + 1).toString(16).toUpperCase().padStart(16, "0");
  const rider = random() < 0.64 ? "member" : "casual";
  const head = `${id},${pick(bikes, random)},${clock(startMs)},${clock(endMs)},${quoted(from.name)},${from.id}`;
  const start = `${near(from.lat, random)},${near(from.lng, random)}`;
  if (isLost) return `${head},,,${start},,,${rider}\n`;
  return `${head},${quoted(to.name)},${to.id},${start},${near(to.lat, random)},${near(to.lng, random)},${rider}\n`;
}

function quoted(name: string): string {
  return name.includes(",") ? `"${name}"` : name;
}

/** Writes `2024-01-21 20:54:31.123`, in UTC. Dates are made once for each day: there are more than a million to write. */
function createClock(): (ms: number) => string {
  const days = new Map<number, string>();
  return (ms) => {
    const day = Math.floor(ms / dayMs);
    let date = days.get(day);
    if (date === undefined) {
      date = new Date(ms).toISOString().slice(0, 10);
      days.set(day, date);
    }
    const rest = ms - day * dayMs;
    const seconds = Math.floor(rest / 1000);
    const minutes = Math.floor(seconds / 60);
    const [hour, minute, second] = [Math.floor(minutes / 60), minutes % 60, seconds % 60];
    return `${date} ${two(hour)}:${two(minute)}:${two(second)}.${String(rest % 1000).padStart(3, "0")}`;
  };
}

const dayMs = 86_400_000;
const clock = createClock();

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** Some meters from a place, with six digits behind the point. */
function near(degrees: number, random: () => number): string {
  const millionths = Math.round(Math.abs(degrees) * 1e6 + (random() - 0.5) * 1000);
  const text = String(millionths);
  return `${degrees < 0 ? "-" : ""}${text.slice(0, -6)}.${text.slice(-6)}`;
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

function monthStart(month: string): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1);
}

function nextMonth(month: string): string {
  const year = Number(month.slice(0, 4));
  const next = Number(month.slice(4)) + 1;
  return next > 12 ? `${year + 1}01` : `${year}${String(next).padStart(2, "0")}`;
}

/** Mulberry32: numbers from 0 to 1 that look like chance and are the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
