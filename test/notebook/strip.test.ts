// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates inside texts are the matter here
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { stripPython, stripScript } from "../../lib/notebook/strip.js";

describe("a comment changes nothing", () => {
  test.each([
    ["a line", "let a = 1; // one\nlet b = 2;", "let a = 1;\nlet b = 2;"],
    ["a block", "/* head\n * more */\nlet a = 1;\n\n\nlet b;", "let a = 1;\nlet b;"],
    ["inside an expression of a template", "f(`a ${/* b */ 1} c`)", "f(`a ${  1} c`)"],
  ])("%s", (_name, code, wanted) => {
    expect(stripScript(code)).toBe(wanted);
  });

  test("Python", () => {
    expect(stripPython("a = \"#1\" # one\n\n# two\nb = '''x # y\n\nz'''")).toBe(
      "a = \"#1\"\nb = '''x # y\0\0z'''",
    );
  });
});

describe("what only looks like a comment stays", () => {
  test.each([
    'const url = "http://a/b"; f(1);',
    "const url = 'a//b';",
    "const t = `a // b ${c} /* d */`;",
    'const r = /\\/\\/[/*]"/; g();',
    "return /[\"'`]//2;",
    "const q = a / b / c; h('x');",
    "const d = (a + b) / 2 / `x`.length;",
    "x = y\n  / z / 'w';",
    "const half = sides[d]! / 2 + size! / 3; f('/*');",
    "if (!/a\\/'b/.test(c)) d();",
  ])("%s", (code) => {
    expect(stripScript(code)).toBe(code);
  });

  test("blank lines inside a template are part of its value", () => {
    expect(stripScript("f(`a\n\nb`)")).not.toBe(stripScript("f(`a\nb`)"));
  });

  test("code with a text that does not end is left as it is", () => {
    expect(stripScript("let a = 'x // y\n")).toBe("let a = 'x // y\n");
  });
});

test("the library itself means the same without its comments", () => {
  const lib = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "lib");
  const compile = (code: string) => {
    const options = {
      removeComments: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
    };
    return ts.transpileModule(code, { compilerOptions: options }).outputText;
  };
  for (const room of ["core", "figures", "notebook"]) {
    for (const name of readdirSync(join(lib, room)).filter((file) => file.endsWith(".ts"))) {
      const code = readFileSync(join(lib, room, name), "utf8");
      const stripped = stripScript(code);
      expect(stripped.length, name).toBeLessThan(code.length);
      expect(compile(stripped.replaceAll("\0", "\n")), name).toBe(compile(code));
    }
  }
});
