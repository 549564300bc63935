/**
 * The variables of a session: what cells have declared, each in a holder of its own. A holder has
 * one property, which bears the variable's name: V8 then keeps a number in it without allocating,
 * and loops over it run almost as fast as over a local variable, however many cells there are.
 */

/** Where one variable lives, as `{ depth: 3000 }`; without the property until it gets a value. */
export type Holder = Record<string, unknown>;

/** The variables of one session. */
export interface Variables {
  /** Whether some cell has declared this name. */
  has(name: string): boolean;
  /** The one holder of a name. */
  hold(name: string): Holder;
  /** Remember what the names are that a cell is about to declare. */
  remember(names: readonly string[]): Memory;
}

/** What variables were before a cell. */
export interface Memory {
  /**
   * After the cell failed: what it had set stays, what it had not keeps its earlier value.
   *
   * @param count the number of the cell, for who asks for what never got a value
   * @returns whether it had set anything
   */
  settle(count: number): boolean;
}

/** Make the variables of a session. */
export function makeVariables(): Variables {
  const holders = new Map<string, Holder>();
  const stoppedBefore = new Map<string, number>();
  const prototype = new Proxy({}, { get: complain, set: define });

  function complain(_: object, name: string | symbol): never {
    const count = stoppedBefore.get(String(name));
    throw new ReferenceError(
      count === undefined
        ? `${String(name)} has no value yet: it is declared further down`
        : `${String(name)} has no value: cell [${count}] stopped before it got one`,
    );
  }

  return {
    has: (name) => holders.has(name),
    hold(name) {
      const holder = holders.get(name) ?? (Object.create(prototype) as Holder);
      holders.set(name, holder);
      return holder;
    },
    remember(names) {
      const before = names.map((name) => ({ name, old: { ...holders.get(name) } }));
      return {
        settle(count) {
          const unset = before.filter(({ name, old }) => {
            const now = holders.get(name) ?? {};
            if (isKept(now, name, old)) now[name] = old[name];
            return !Object.hasOwn(now, name) || now[name] === old[name];
          });
          for (const { name } of unset) stoppedBefore.set(name, count);
          return unset.length < before.length;
        },
      };
    },
  };
}

/** Whether a variable is what it was: a `var` that got no value is undefined from the start. */
function isKept(now: Holder, name: string, old: Holder): boolean {
  return Object.hasOwn(old, name) && now[name] === undefined;
}

/** The first value makes the property. */
function define(_: object, name: string | symbol, value: unknown, holder: unknown): boolean {
  const property = { value, writable: true, enumerable: true, configurable: true };
  return Reflect.defineProperty(holder as object, name, property);
}
