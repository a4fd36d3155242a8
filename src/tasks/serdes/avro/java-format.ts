import {
  DateTimeFormatter,
  type Instant,
  LocalDate,
  LocalDateTime,
  LocalTime,
  ZonedDateTime,
} from "@js-joda/core";
import { ConversionFailure } from "./conversion-failure.ts";

/** A Java date pattern, for what has no short cut. It throws a `ConversionFailure` in Java's words. */
export interface JavaFormat {
  date(text: string): LocalDate;
  time(text: string): LocalTime;
  /** With its zone, or without one. */
  moment(text: string): Instant | LocalDateTime;
}

/** Prepares a pattern. */
export function javaFormat(pattern: string): JavaFormat {
  const f = DateTimeFormatter.ofPattern(pattern);
  const w = <T>(g: () => T): T => {
    try {
      return g();
    } catch (e) {
      throw new ConversionFailure((e as Error).message);
    }
  };
  return {
    date: (text) => w(() => LocalDate.parse(text, f)),
    time: (text) => w(() => LocalTime.parse(text, f)),
    moment: (text) => {
      try {
        return ZonedDateTime.parse(text, f).toInstant();
      } catch {
        return w(() => LocalDateTime.parse(text, f));
      }
    },
  };
}

/** Whether Java would take a pattern. */
export function isJavaPattern(pattern: string): boolean {
  try {
    javaFormat(pattern);
    return true;
  } catch {
    return false;
  }
}
