import ora from "ora";
import type { Session } from "../session.ts";

/** Says what is being started to whoever looks. Where nobody does, the log tells it. */
export interface StartView extends Disposable {
  step(text: string): void;
}

/** Opens the view. */
export function openStartView(session: Session): StartView {
  if (!session.isWatched) return { step: () => undefined, [Symbol.dispose]: () => undefined };
  const spinner = ora({ text: "Starting", discardStdin: false }).start();
  return {
    step(text) {
      spinner.text = text;
    },
    [Symbol.dispose]: () => void spinner.stop(),
  };
}
