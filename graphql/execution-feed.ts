import type { GrafastSubscriber } from "postgraphile/grafast";
import type { Logger } from "../src/base/log.ts";
import { listen } from "../src/db/listen.ts";

/** What an event says. */
export interface ExecutionsChanged {
  /** The executions that changed since the last event. */
  ids: string[];
  /** False when more changed than an event names: read again what you show. */
  isComplete: boolean;
}

/** The topics: one execution by its id, or all of them. */
export type ExecutionTopics = Record<string, ExecutionsChanged>;

/** The topic that hears of every execution. */
export const everyExecution = "*";

/** An open feed. */
export interface ExecutionFeed extends GrafastSubscriber<ExecutionTopics>, AsyncDisposable {}

/** Ten events a second are more than anybody can follow; what comes in between is told together. */
const pauseMs = 100;
/** More ids than a page shows: whoever hears of that many reads the page again. */
const mostIds = 1000;

/**
 * Listens on one connection to what the engine tells of executions, and passes it on to subscribers: each hears of a burst
 * once, with all ids, and reads the rows anew. After a lost connection everybody hears that something may have been missed.
 */
export async function openExecutionFeed(options: {
  connectionString: string;
  log: Logger;
}): Promise<ExecutionFeed> {
  const subscriptions = new Map<string, Set<Subscription>>();
  const tell = (topic: string, ids: string[], isComplete: boolean) => {
    for (const subscription of subscriptions.get(topic) ?? []) subscription.tell(ids, isComplete);
  };
  const listener = await listen({
    ...options,
    signal: new AbortController().signal, // it ends by being stopped
    channels: ["reprise_executions"],
    onNotification(_channel, payload) {
      const ids = payload.split(",");
      tell(everyExecution, ids, true);
      for (const id of ids) tell(id, [id], true);
    },
    onReconnect() {
      for (const topic of subscriptions.keys()) tell(topic, topic === everyExecution ? [] : [topic], false);
    },
  });
  return {
    subscribe(topic) {
      const set = subscriptions.get(topic) ?? new Set();
      subscriptions.set(topic, set);
      const subscription = openSubscription(() => {
        set.delete(subscription);
        if (set.size === 0 && subscriptions.get(topic) === set) subscriptions.delete(topic);
      });
      set.add(subscription);
      return subscription.events;
    },
    async [Symbol.asyncDispose]() {
      for (const set of [...subscriptions.values()]) for (const one of [...set]) one.end();
      await listener.stop();
    },
  };
}

interface Subscription {
  tell(ids: string[], isComplete: boolean): void;
  end(): void;
  events: AsyncIterableIterator<ExecutionsChanged>;
}

/** The events of one subscriber: at most one in each pause, and one that nobody fetched yet takes in what follows. */
function openSubscription(onEnd: () => void): Subscription {
  const pending = new Set<string>();
  let isComplete = true;
  let isDirty = false;
  let isEnded = false;
  let lastAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const waiting: ((result: IteratorResult<ExecutionsChanged>) => void)[] = [];

  const deliver = () => {
    timer = undefined;
    const next = isDirty ? waiting.shift() : undefined;
    if (next === undefined) return;
    const event = { ids: [...pending], isComplete };
    pending.clear();
    isComplete = true;
    isDirty = false;
    lastAt = performance.now();
    next({ done: false, value: event });
  };
  const schedule = () => {
    if (!isDirty || waiting.length === 0 || timer !== undefined) return;
    timer = setTimeout(deliver, Math.max(0, lastAt + pauseMs - performance.now()));
  };
  const end = () => {
    if (isEnded) return;
    isEnded = true;
    clearTimeout(timer);
    for (const next of waiting.splice(0)) next({ done: true, value: undefined });
    onEnd();
  };

  return {
    tell(ids, isWhole) {
      for (const id of ids) if (pending.size < mostIds) pending.add(id);
      isComplete &&= isWhole && ids.every((id) => pending.has(id));
      isDirty = true;
      schedule();
    },
    end,
    events: {
      [Symbol.asyncIterator]() {
        return this;
      },
      next() {
        if (isEnded) return Promise.resolve({ done: true, value: undefined });
        const { promise, resolve } = Promise.withResolvers<IteratorResult<ExecutionsChanged>>();
        waiting.push(resolve);
        schedule();
        return promise;
      },
      async return() {
        end();
        return { done: true, value: undefined };
      },
    },
  };
}
