import type { Entries } from "./entry.ts";

/** Filters of numbers and dates, and those that write and read other forms. */
export const valueFilterEntries: Entries = {
  abs: { summary: "The number without its sign.", examples: [["{{ -3 | abs }}", "3"]] },
  number: {
    summary:
      "A text as a number: `INT`, `LONG`, `BIGINTEGER`, `FLOAT`, `DOUBLE`, `BIGDECIMAL`, or what it looks like.",
    examples: [["{{ ('12' | number) + 1 }}", "13"]],
  },
  numberFormat: {
    summary: "The number in a pattern of Java's DecimalFormat.",
    examples: [["{{ 1234.5 | numberFormat('#,##0.00') }}", "1,234.50"]],
  },
  json: {
    summary: "The value as JSON. `toJson` does the same.",
    examples: [["{{ inputs.list | json }}", "[3,1,2]"]],
  },
  toJson: { summary: "The value as JSON.", examples: [["{{ {'a': 'b'} | toJson }}", '{"a":"b"}']] },
  yaml: { summary: "The value as YAML.", examples: [["{{ {'a': 1} | yaml }}", "a: 1\n"]] },
  toIon: {
    summary: "The value as Ion.",
    examples: [["{{ {'a': 1} | toIon | trim }}", "{a:1}"]],
  },
  base64encode: { summary: "The text in Base64.", examples: [["{{ 'Ada' | base64encode }}", "QWRh"]] },
  base64decode: {
    summary: "The text that Base64 stands for.",
    examples: [["{{ 'QWRh' | base64decode }}", "Ada"]],
  },
  urlencode: {
    summary: "The text for the query of an address.",
    examples: [["{{ 'a&b' | urlencode }}", "a%26b"]],
  },
  urldecode: {
    summary: "The text that an encoded one stands for.",
    examples: [["{{ 'a%26b' | urldecode }}", "a&b"]],
  },
  md5: {
    summary: "The MD5 of the text.",
    examples: [["{{ 'Ada' | md5 }}", "1a382809b7c03f686e12dd15677c5497"]],
  },
  sha1: {
    summary: "The SHA-1 of the text.",
    examples: [["{{ 'Ada' | sha1 }}", "5c3cb098d52deb3f67e97b7fba960c4cf6880461"]],
  },
  sha256: { summary: "The SHA-256 of the text.", examples: [["{{ 'Ada' | sha256 | length }}", "64"]] },
  sha512: { summary: "The SHA-512 of the text.", examples: [["{{ 'Ada' | sha512 | length }}", "128"]] },
  className: {
    summary: "The name that the kind of the value has in Kestra.",
    examples: [["{{ 'Ada' | className }}", "java.lang.String"]],
  },
  date: {
    summary:
      "The date in a format: a pattern of Java's DateTimeFormatter, or a name such as `iso`, `sql`, `iso_local_date` or `short`. " +
      "`existingFormat` is how the date is written, `timeZone` where it is shown.",
    examples: [
      ["{{ execution.startDate | date('yyyy-MM-dd') }}", "2024-09-06"],
      ["{{ execution.startDate | date('HH:mm', timeZone='Europe/Berlin') }}", "10:38"],
      ["{{ '06.09.2024 10:00' | date('yyyyMMdd', existingFormat='dd.MM.yyyy HH:mm') }}", "20240906"],
    ],
  },
  dateAdd: {
    summary: "The date so many `DAYS`, `MONTHS`, `HOURS` and so on later, or earlier, as text.",
    examples: [["{{ execution.startDate | dateAdd(-3, 'MONTHS') | date('yyyyMM') }}", "202406"]],
  },
  timestamp: {
    summary: "The date as seconds since 1970.",
    examples: [["{{ execution.startDate | timestamp }}", "1725611933"]],
  },
  timestampMilli: {
    summary: "The date as milliseconds since 1970.",
    examples: [["{{ execution.startDate | timestampMilli }}", "1725611933123"]],
  },
  timestampMicro: {
    summary: "The date as microseconds since 1970.",
    examples: [["{{ execution.startDate | timestampMicro }}", "1725611933123000"]],
  },
  timestampNano: {
    summary: "The date as nanoseconds since 1970.",
    examples: [["{{ execution.startDate | timestampNano }}", "1725611933123000000"]],
  },
};
