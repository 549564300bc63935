import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Compiler, makeCompiler } from "../../lib/kernel/compiler.js";
import { ROOT } from "./session.js";

const DIST = join(ROOT, "lib/dist");
const rooms = readdirSync(DIST).filter((room) => existsSync(join(DIST, room, "index.d.ts")));

let compiler: Compiler;
beforeAll(() => {
  process.chdir(join(ROOT, "test")); // a folder of its own, as a notebook's
  compiler = makeCompiler(process.cwd());
});

/** The complaints about a cell, strictly checked; none when it passes. */
function complaints(code: string): string[] {
  const checked = compiler.check(code, { strict: true });
  return "js" in checked ? [] : checked.map(({ line, text }) => `${line + 1}: ${text}`);
}

test("there are rooms to look at", () => {
  expect(rooms).toContain("core");
});

test.each(rooms)("%s arrives with its types: nothing public is any, errors are seen", (room) => {
  const look = `import * as room from "carbonbook/${room}";
    type Is<T> = 0 extends 1 & T ? true : false;
    type Loose<F> = Is<F> extends true ? true : F extends (...args: never[]) => infer R ? Is<R> : false;
    type Names = { [K in keyof typeof room]: Loose<(typeof room)[K]> extends true ? K : never };
    const loose: Names[keyof typeof room] extends never ? "none" : Names[keyof typeof room] = "none";`;
  expect(complaints(look)).toEqual([]);
  const wrong = `import * as room from "carbonbook/${room}";\n\nroom.noSuchName;\nconst n: number = room;`;
  expect(complaints(wrong)).toEqual([
    expect.stringMatching(/^3: Property 'noSuchName' does not exist/),
    expect.stringMatching(/^4: Type 'typeof import\(.*' is not assignable to type 'number'/),
  ]);
});

test("typed arrays keep their type through the library's declarations", () => {
  const code = `import { makeRandom } from "carbonbook/core";
    const values = new Float64Array(3);
    values.noSuchMethod();
    makeRandom("seed");`;
  expect(complaints(code).slice(0, 2)).toEqual([
    expect.stringMatching(/^3: Property 'noSuchMethod' does not exist on type 'Float64Array'/),
    expect.stringMatching(/^4: Argument of type 'string'/),
  ]);
});
