import { answerOf, type Question } from "./question.ts";

// The program of a process that renders. It has one question at a time, and is ended where one takes too long; where one takes too much
// memory it ends by itself.
process.on("message", (question: Question) => process.send?.(answerOf(question)));
// It ends with whoever it renders for, and not before: Ctrl-C reaches both, and what runs there may still end well.
process.on("disconnect", () => process.exit());
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
process.send?.("ready");
