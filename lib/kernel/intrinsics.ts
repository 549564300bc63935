/**
 * What the kernel and its compiler use of the language itself. Cells share it with them, and a cell
 * that sets `Array.prototype.map` or `Promise` would silence its own kernel; so these are put back.
 * Not so `Math`, `Date` and the timers, which notebooks replace with good reason.
 */

interface Intrinsic {
  readonly owner: object;
  readonly key: PropertyKey;
  readonly name: string;
  readonly value: unknown;
  readonly descriptor: PropertyDescriptor;
}

const LEFT_ALONE = new Set(["Math", "Date", "Intl", "Error.prepareStackTrace"]);
const { defineProperty } = Object;
const intrinsics = globalsOfTheLanguage().flatMap(({ owner, key, name, value, descriptor }) => [
  { owner, key, name, value, descriptor },
  ...methodsOf(value, name),
  ...methodsOf(Object(value).prototype, `${name}.prototype`),
]);

/**
 * Put back what has been replaced or removed since this module was loaded.
 *
 * @returns the names of what was put back, as `Array.prototype.map`
 */
export function mendIntrinsics(): string[] {
  const mended: string[] = [];
  // in plain steps, as nothing else may work
  for (let i = 0; i < intrinsics.length; i++) {
    const { owner, key, name, value, descriptor } = intrinsics[i]!;
    if ((owner as Record<PropertyKey, unknown>)[key] === value) continue;
    try {
      defineProperty(owner, key, descriptor);
      mended[mended.length] = name;
    } catch {
      // frozen: nothing can be done
    }
  }
  return mended;
}

/** `Object`, `JSON`, `Promise` and their like, and what Node adds that the kernel uses. */
function globalsOfTheLanguage(): Intrinsic[] {
  const shared: unknown = Object.getPrototypeOf(Uint8Array);
  return [
    ...methodsOf(globalThis, "").filter(({ name }) => /^[A-Z]/.test(name)),
    ...Object.entries({ AbortController, Buffer, globalThis, process }).map(([name, value]) => ({
      owner: globalThis,
      key: name,
      name,
      value,
      descriptor: { value, writable: true, configurable: true, enumerable: false },
    })),
    ...methodsOf(shared, "TypedArray"),
    ...methodsOf(Object(shared).prototype, "TypedArray.prototype"),
  ];
}

/** The properties of `owner` that hold a function or an object, none that are computed. */
function methodsOf(owner: unknown, of: string): Intrinsic[] {
  if (typeof owner !== "object" && typeof owner !== "function") return [];
  if (owner === null || owner === process || (owner === globalThis && of !== "")) return [];
  return Reflect.ownKeys(owner).flatMap((key) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(owner, key)!;
    const { value } = descriptor;
    const isUsed = typeof value === "function" || (typeof value === "object" && value !== null);
    const name = of === "" ? String(key) : `${of}.${String(key)}`;
    return isUsed && descriptor.configurable && !LEFT_ALONE.has(name)
      ? [{ owner, key, name, value, descriptor }]
      : [];
  });
}
