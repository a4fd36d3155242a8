/** What a jq program fails with; `try … catch` gets its value. */
export class JqError extends Error {
  override readonly name = "JqError";
  readonly value: unknown;

  constructor(value: unknown, message = typeof value === "string" ? value : "") {
    super(message);
    this.value = value;
  }
}

/** What `break $label` leaves. */
export class JqBreak extends Error {
  override readonly name = "JqBreak";
  readonly label: object;

  constructor(label: object) {
    super("break");
    this.label = label;
  }
}
