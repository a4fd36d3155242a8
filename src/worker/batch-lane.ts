/**
 * One kind of call, made for many callers at once. What comes in while a call is under way goes out together with the next:
 * no timer, so that on an idle system a lone caller is served at once, and under load the calls grow instead of queueing.
 *
 * `send` takes the items in order and gives one answer for each.
 */
export class BatchLane<Item, Answer> {
  readonly #send: (items: Item[]) => Promise<Answer[]>;
  readonly #limit: number;
  readonly #sideBySide: number;
  readonly #crowd: number;
  #waiting: { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  #calls = 0;

  /**
   * `limit` bounds one call, so that a burst neither holds its locks for long nor makes one huge statement. Up to
   * `sideBySide` calls are under way at once; a further one begins only for a `crowd` of callers, so that few share one.
   */
  constructor(
    send: (items: Item[]) => Promise<Answer[]>,
    limit: number,
    { sideBySide = 1, crowd = CROWD }: { sideBySide?: number; crowd?: number } = {},
  ) {
    this.#send = send;
    this.#limit = limit;
    this.#sideBySide = sideBySide;
    this.#crowd = crowd;
  }

  /** Sends an item with the next call, and gives its answer. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#begin();
    });
  }

  #begin(): void {
    if (this.#waiting.length === 0 || this.#calls >= this.#sideBySide) return;
    if (this.#calls > 0 && this.#waiting.length < this.#crowd) return;
    this.#calls += 1;
    void this.#call().finally(() => {
      this.#calls -= 1;
      this.#begin();
    });
  }

  async #call(): Promise<void> {
    // Callers of the same turn of the event loop travel together.
    await Promise.resolve();
    const batch = this.#waiting.splice(0, this.#limit);
    if (batch.length === 0) return;
    try {
      const answers = await this.#send(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => {
        resolve(answers[index] as Answer);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

// Fewer callers than these wait for the call that is under way: another one would cost more than it saves.
const CROWD = 50;
