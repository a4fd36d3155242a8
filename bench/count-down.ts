/** Counts what a worker of this process does, so that nobody has to ask the database until it is nearly done. */
export interface CountDown {
  /** Something was done. */
  tick(): void;
  /** Resolves once so much more has been done. */
  expect(count: number): Promise<void>;
}

/** Opens a count. */
export function openCountDown(): CountDown {
  let left = 0;
  let onZero: () => void = () => undefined;
  return {
    tick() {
      left -= 1;
      if (left === 0) onZero();
    },
    expect(count) {
      return new Promise((resolve) => {
        left = count;
        onZero = resolve;
      });
    },
  };
}
