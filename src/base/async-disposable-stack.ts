/**
 * `AsyncDisposableStack` where the engine has none: Node 22, on which the built package runs. Imported first by whatever
 * starts a process, for its effect alone. It goes when Node 24 is the least that is asked for.
 */
type Disposer = () => unknown;

/** What of the standard's class this program uses: resources that are let go of together, the last one first. */
export class OwnAsyncDisposableStack implements AsyncDisposable {
  #disposers: Disposer[] = [];

  /** Takes a resource, and gives it back. */
  use<T extends AsyncDisposable | Disposable | null | undefined>(resource: T): T {
    if (resource === null || resource === undefined) return resource;
    const dispose =
      Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose] : resource[Symbol.dispose];
    this.defer(() => dispose.call(resource));
    return resource;
  }

  /** Takes anything, with how to let go of it. */
  adopt<T>(value: T, dispose: (value: T) => unknown): T {
    this.defer(() => dispose(value));
    return value;
  }

  /** Takes something to do in the end. */
  defer(dispose: Disposer): void {
    this.#disposers.push(dispose);
  }

  /** Hands everything over to a new stack, so that this one lets go of nothing. */
  move(): OwnAsyncDisposableStack {
    const other = new OwnAsyncDisposableStack();
    other.#disposers = this.#disposers;
    this.#disposers = [];
    return other;
  }

  /** Lets go of everything, also when some of it fails; then the last failure is thrown. */
  async disposeAsync(): Promise<void> {
    const failures: unknown[] = [];
    for (let next = this.#disposers.pop(); next !== undefined; next = this.#disposers.pop()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures.at(-1);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disposeAsync();
  }
}

if (typeof globalThis.AsyncDisposableStack === "undefined")
  Object.assign(globalThis, { AsyncDisposableStack: OwnAsyncDisposableStack });
