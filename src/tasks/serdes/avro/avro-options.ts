/** How the values of rows are read: the rendered properties that IonToAvro and IonToParquet share. */
export interface AvroOptions {
  trueValues: string[];
  falseValues: string[];
  nullValues: string[];
  dateFormat: string;
  timeFormat: string;
  datetimeFormat: string;
  decimalSeparator: string;
  strictSchema: boolean;
  inferAllFields: boolean;
  timeZoneId: string;
  onBadLines: "ERROR" | "WARN" | "SKIP";
}
