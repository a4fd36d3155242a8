/**
 * One kind of call, made for many callers at once. What comes in while a call is under way goes out together with the next:
 * no timer, so that on an idle system a lone caller is served at once, and under load the calls grow instead of queueing.
 *
 * `send` takes the items in order and gives one answer for each. A lane never runs two calls side by side.
 */
export class BatchLane<Item, Answer> {
  readonly #send: (items: Item[]) => Promise<Answer[]>;
  readonly #limit: number;
  #waiting: { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  #underway: Promise<void> | undefined;

  /** `limit` bounds one call, so that a burst neither holds its locks for long nor makes one huge statement. */
  constructor(send: (items: Item[]) => Promise<Answer[]>, limit: number) {
    this.#send = send;
    this.#limit = limit;
  }

  /** Sends an item with the next call, and gives its answer. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#underway ??= this.#drain();
    });
  }

  /** Resolves once nothing is waiting or under way. */
  async settled(): Promise<void> {
    while (this.#underway !== undefined) await this.#underway;
  }

  async #drain(): Promise<void> {
    // Callers of the same turn of the event loop travel together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#limit);
      try {
        const answers = await this.#send(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => {
          resolve(answers[index] as Answer);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#underway = undefined;
  }
}
