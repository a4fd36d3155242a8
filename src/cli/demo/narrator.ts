import { paint } from "../present/paint.ts";
import type { ExecutionDocument, TaskRunProgress } from "../read/read-execution.ts";
import type { Session } from "../session.ts";
import { openStartView } from "../start/start-view.ts";
import { openLiveView } from "../wait/live-view.ts";

/** Tells the story to a person while it happens; to a program it says nothing. */
export interface Narrator {
  chapter(title: string): void;
  say(text: string): void;
  /** Says what is being done while it takes its time, where somebody looks. */
  during<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** Shows an execution while it runs, where somebody looks. */
  watch<T>(work: (look: Look) => Promise<T>): Promise<T>;
}

/** Shows how an execution stands now. */
export type Look = (execution: ExecutionDocument, taskRuns: readonly TaskRunProgress[]) => void;

/** Opens a narrator. */
export function openNarrator(session: Session): Narrator {
  let number = 0;
  return {
    chapter(title) {
      number += 1;
      session.line(`\n${paint("bold", `${number}. ${title}`)}`);
    },
    say: (text) => session.line(text.replace(/^(?=.)/gm, "   ")),
    async during(text, work) {
      using view = openStartView(session);
      view.step(text);
      return await work();
    },
    async watch(work) {
      if (!session.isWatched) return await work(() => undefined);
      using view = openLiveView();
      return await work((execution, taskRuns) => view.show(execution, taskRuns));
    },
  };
}
