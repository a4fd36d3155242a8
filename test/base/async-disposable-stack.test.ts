import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OwnAsyncDisposableStack } from "../../src/base/async-disposable-stack.ts";

// The engine's own class runs through the same, so that ours is held to the standard.
type Stack = Pick<AsyncDisposableStack, "use" | "adopt" | "defer" | "disposeAsync"> &
  AsyncDisposable & { move(): AsyncDisposable };
const classes: Record<string, new () => Stack> = {
  ours: OwnAsyncDisposableStack,
  "the engine's": AsyncDisposableStack,
};

for (const [name, Stack] of Object.entries(classes)) {
  describe(`AsyncDisposableStack, ${name}`, () => {
    it("lets go of everything once, the last one first, and waits for each", async () => {
      const gone: string[] = [];
      const stack = new Stack();
      const resource = stack.use({ [Symbol.asyncDispose]: async () => void gone.push("asynchronous") });
      stack.use({ [Symbol.dispose]: () => void gone.push("synchronous") });
      assert.equal(
        stack.adopt("value", async (value) => {
          await null;
          gone.push(value);
        }),
        "value",
      );
      stack.defer(() => void gone.push("deferred"));
      assert.ok(Symbol.asyncDispose in resource);
      await stack[Symbol.asyncDispose]();
      await stack.disposeAsync();
      assert.deepEqual(gone, ["deferred", "value", "synchronous", "asynchronous"]);
    });

    it("hands over what it holds", async () => {
      const gone: string[] = [];
      let rest: AsyncDisposable | undefined;
      {
        await using stack = new Stack();
        stack.defer(() => void gone.push("held"));
        rest = stack.move();
      }
      assert.deepEqual(gone, []);
      await rest[Symbol.asyncDispose]();
      assert.deepEqual(gone, ["held"]);
    });

    it("goes on after a failure, and tells of it", async () => {
      const gone: string[] = [];
      const stack = new Stack();
      stack.defer(() => void gone.push("first"));
      stack.defer(() => Promise.reject(new Error("It is stuck.")));
      await assert.rejects(stack.disposeAsync(), /It is stuck\./);
      assert.deepEqual(gone, ["first"]);
    });
  });
}
