/** Throws dice: gives a number from 0 to just below the number of sides. */
export type Dice = (sides: number) => number;

/** Dice that fall as they are told, one throw after the other, and then on 0 for ever: so that nothing happens any more. */
export function loadedDice(throws: readonly number[]): Dice {
  let thrown = 0;
  return (sides) => (throws[thrown++] ?? 0) % sides;
}

/** Takes some of a list in an order that the dice choose; when they fall on 0, all of it as it is. */
export function takeSome<T>(dice: Dice, list: readonly T[]): T[] {
  if (list.length === 0 || dice(3) === 0) return [...list];
  const rest = [...list];
  const taken: T[] = [];
  for (let count = dice(rest.length + 1); count > 0; count -= 1)
    taken.push(...rest.splice(dice(rest.length), 1));
  return taken;
}
