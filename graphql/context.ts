import type { Pool } from "pg";
import type { GrafastSubscriber } from "postgraphile/grafast";
import { context } from "postgraphile/grafast";
import type { SecretBox } from "../src/base/secret-box.ts";
import type { ExecutionTopics } from "./execution-feed.ts";

declare global {
  namespace Grafast {
    interface Context {
      /** Connections that have taken the narrow role. */
      db: Pool;
      /** Tells of executions that change; without one there are no subscriptions. */
      executionFeed: GrafastSubscriber<ExecutionTopics> | null;
      /** Encrypts what is given for secret inputs. */
      secretBox: SecretBox;
      /** Who asks, as far as it is known. */
      actor: string | undefined;
    }
  }
}

/** A value of the request's context, as a step. */
export function fromContext<K extends "db" | "executionFeed" | "actor" | "secretBox">(key: K) {
  return context().get(key);
}
