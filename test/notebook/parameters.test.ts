// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates inside texts are the matter here
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspectParameters, type Notebook, parseNotebook, type Value } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { findLanguage } from "../../lib/notebook/language.js";
import { settleParameters, writeParameters } from "../../lib/notebook/parameters.js";
import { coerce, Float, fits } from "../../lib/notebook/value.js";
import { hasPython, hasSamples, python, samples } from "./samples.js";

function notebook(source: string, language: string): Notebook {
  const cell = { id: "a", cell_type: "code", metadata: { tags: ["parameters"] }, source };
  const full = { ...cell, outputs: [], execution_count: null };
  const metadata = { language_info: { name: language } };
  return parseNotebook(
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: [full] }),
    "x",
  );
}

const SCRIPT = `
let days: number = 30; // days back in time
let name: string = "a;b // c";
const runs: number[] = [1,
  2]; // speeds
let mode: "euler" | "rk4" = "rk4";
let flag = false
let trap: { lon: number } | null = null;
let half = 0.5;
`;

describe("parameters are read from their cell", () => {
  test("TypeScript: name, type, default and comment", () => {
    const read = inspectParameters(notebook(SCRIPT, "typescript"));
    expect(read.map((p) => [p.name, p.annotation, p.default, p.help])).toEqual([
      ["days", "number", "30", "days back in time"],
      ["name", "string", '"a;b // c"', ""],
      ["runs", "number[]", "[1, 2]", "speeds"],
      ["mode", '"euler" | "rk4"', '"rk4"', ""],
      ["flag", "", "false", ""],
      ["trap", "{ lon: number } | null", "null", ""],
      ["half", "", "0.5", ""],
    ]);
  });

  test.skipIf(!hasSamples)("Python, as papermill reads its own sample", () => {
    const text = readFileSync(join(samples, "papermill", "complex_parameters.ipynb"), "utf8");
    const read = inspectParameters(parseNotebook(text, "x"));
    // papermill/tests/test_inspect.py, test_inspect_notebook
    expect(read.map((p) => [p.name, p.annotation || "None", p.help])).toEqual([
      ["msg", "None", ""],
      ["a", "float", "Variable a"],
      ["b", "List[str]", "Nice list"],
      ["c", "NoneType", ""],
      ["d", "None", ""],
    ]);
  });
});

describe("values are checked against the declaration", () => {
  const declared = inspectParameters(notebook(SCRIPT, "typescript"));
  const settle = (name: string, text: string) =>
    settleParameters(new Map([[name, { text }]]), declared, {
      unknown: "refuse",
      where: "x.ipynb",
    });

  test.each([
    ["days", "31", 31],
    ["days", "3.5", 3.5],
    ["name", "007", "007"],
    ["flag", "true", true],
    ["flag", "True", true],
    ["mode", "euler", "euler"],
    ["trap", "None", null],
  ])("%s takes %s", (name, text, value) => {
    expect(settle(name, text).get(name)).toEqual(value);
  });

  test.each([
    ["days", "many", 'parameter "days": expected number, got "many"'],
    ["mode", "heun", 'parameter "mode": expected "euler" | "rk4", got "heun"'],
    ["flag", "1", 'parameter "flag": expected boolean, got 1'],
    ["trap", "3", 'parameter "trap": expected { lon: number } | null, got 3'],
    ["dayz", "3", 'parameter "dayz": expected one of days: number, name: string'],
  ])("%s refuses %s", (name, text, message) => {
    expect(() => settle(name, text)).toThrow(message);
  });

  test("unknown names pass where they are allowed", () => {
    const options = { unknown: "allow", where: "x" } as const;
    const settled = settleParameters(new Map([["other", { text: "1" }]]), declared, options);
    expect(settled.get("other")).toBe(1);
  });
});

describe("papermill's coercion of -p", () => {
  // papermill/tests/test_cli.py, test_resolve_type
  test.each<[string, Value]>([
    ["True", true],
    ["False", false],
    ["None", null],
    ["true", "true"],
    ["12", 12],
    ["-3", -3],
    ["1_000", 1000],
    ["1.5", 1.5],
    ["1e3", new Float(1000)],
    [".5", 0.5],
    ["5.", new Float(5)],
    ["hello world", "hello world"],
    ["0x10", "0x10"],
    ["1__0", "1__0"],
    ["", ""],
    ["inf", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["nan", Number.NaN],
    ["12345678901234567890", 12345678901234567890n],
  ])("%s", (text, value) => {
    expect(coerce(text)).toEqual(value);
  });

  test.skipIf(!hasPython)("the same as Python's int and float on many texts", () => {
    const texts = [
      "1",
      "+1",
      "-1",
      "1_0",
      "_1",
      "1_",
      "1.",
      ".1",
      "1e5",
      "1E-5",
      "e5",
      "1e",
      "١",
      "1,0",
      "0b1",
      "0o7",
      "00",
      "0_0",
      "1 2",
      " 1 ",
      "1.5e+3",
      "nan",
      "NaN",
      "-nan",
      "infinity",
      "in",
    ];
    const code = `
import json, sys
def read(v):
    for f in (int, float):
        try: return repr(float(f(v)))
        except ValueError: pass
    return v
print(json.dumps([read(v) for v in json.loads(sys.argv[1])]))`;
    const { stdout } = spawnSync(python, ["-c", code, JSON.stringify(texts)], { encoding: "utf8" });
    const wanted = (JSON.parse(stdout) as string[]).map(asNumber);
    // digits of other scripts are no numbers here
    const plain = (value: Value) => (value instanceof Float ? value.number : value);
    const got = texts.map((text) => (text === "١" ? 1 : plain(coerce(text))));
    expect(got).toEqual(wanted);

    function asNumber(written: string, index: number): unknown {
      if (written === texts[index] && !/^-?[\d.]+$/.test(written) && written !== "nan")
        return written;
      return written === "nan" ? Number.NaN : Number(written.replace("inf", "Infinity"));
    }
  });
});

describe("no value can become code", () => {
  const nasty: Value[] = [
    'quote " and back\\slash',
    "it's",
    "'; import os; os.system('x') #",
    "*/ throw 1 /*",
    "${process.exit()} `$(id)` $HOME",
    "line\nbreak\r\u2028\u2029\u0085tab\t\u0000",
    "</script>",
    "héé 🎉",
    -0.5,
    1e300,
    true,
    null,
    ["a", ["b'", 'c"'], 1.5],
    { "key'\"": { __proto__x: [1] }, 'b"': "x" },
  ];

  test.skipIf(!hasPython)("Python reads back each value it is given", () => {
    const { literal } = findLanguage("python");
    const list = nasty.map((value) => literal(value, "any"));
    const code = `import json\nprint(json.dumps([${list.join(",\n")}]))`;
    const { stdout, stderr } = spawnSync(python, ["-c", code], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(nasty);
  });

  test.each(["typescript", "javascript"])("%s reads back each value it is given", (name) => {
    const { literal } = findLanguage(name);
    const source = nasty.map((value) => literal(value, "any")).join(",\n");
    const { stdout } = spawnSync(process.execPath, ["-p", `JSON.stringify([${source}])`], {
      encoding: "utf8",
    });
    expect(JSON.parse(stdout)).toEqual(nasty);
  });

  test("a key named __proto__ stays a key in TypeScript", () => {
    const value = JSON.parse('{"__proto__": 1}') as Value;
    const source = findLanguage("typescript").literal(value, "any");
    const { stdout } = spawnSync(process.execPath, ["-p", `JSON.stringify(${source})`], {
      encoding: "utf8",
    });
    expect(stdout.trim()).toBe('{"__proto__":1}');
  });

  test("bash reads back each text it is given", () => {
    const { literal } = findLanguage("bash");
    for (const value of nasty.filter((v) => typeof v === "string" && !v.includes("\0"))) {
      const { stdout } = spawnSync("bash", ["-c", `v=${literal(value, "any")}; printf %s "$v"`], {
        encoding: "utf8",
      });
      expect(stdout).toBe(value);
    }
  });

  test.each(["x = 1; y", "a b", "1a", "a-b", "x:y"])("a name such as %s is refused", (name) => {
    const options = { language: "python", kernel: "" };
    expect(() => writeParameters(new Map([[name, 1]]), [], options)).toThrow("a name of python");
  });
});

describe("each language writes values as papermill does", () => {
  // papermill/tests/test_translators.py; object and list literals of each translator
  test.each([
    [
      "python",
      ["foo", true, null, 1, 1.5, [1, "a"], { a: 1 }],
      `"foo" True None 1 1.5 [1, "a"] {"a": 1}`,
    ],
    [
      "r",
      ["foo", true, null, 1, [1, "a"], { a: 1 }],
      `"foo" TRUE NULL 1 list(1, "a") list("a" = 1)`,
    ],
    ["julia", ["$x", true, null, [1], { a: 1 }], `"\\$x" true nothing [1] Dict("a" => 1)`],
    ["scala", ["foo", false, null, [1, 2], { a: 1 }], `"foo" false None Seq(1, 2) Map("a" -> 1)`],
    ["matlab", ["it's", true, null, [1, 2]], `'it''s' true NaN {1, 2}`],
    [
      "csharp",
      ["foo", true, [1, 2], { a: 1 }],
      `"foo" true new [] { 1, 2 } new Dictionary<string,Object>{ { "a" , 1 } }`,
    ],
    [
      "fsharp",
      ["foo", [1, 2], { a: 1 }],
      `"foo" [ 1; 2 ] [ ("a", 1 :> IComparable) ] |> Map.ofList`,
    ],
    ["powershell", ["it's", true, null, [1, 2]], `'it''s' $True $Null @(1, 2)`],
    ["bash", ["a b", true, [1, "x"]], `'a b' true (1 'x')`],
  ] as [string, Value[], string][])("%s", (name, values, wanted) => {
    const { literal } = findLanguage(name);
    expect(values.map((value) => literal(value, "any")).join(" ")).toBe(wanted);
  });

  test("a float parameter of Python gets a float, an integer one an integer", () => {
    const declared = inspectParameters(notebook("a: float = 1.0\nb = 1\nc: int = 2", "python"));
    const values = new Map<string, Value>([
      ["a", 2],
      ["b", 3],
      ["c", 4],
    ]);
    const source = writeParameters(values, declared, { language: "python", kernel: "python3" });
    expect(source).toBe("# Parameters\na = 2.0\nb = 3\nc = 4\n");
  });

  test("TypeScript repeats the annotation", () => {
    const declared = inspectParameters(notebook(SCRIPT, "typescript"));
    const values = new Map<string, Value>([
      ["mode", "euler"],
      ["extra", Number.NaN],
    ]);
    const source = writeParameters(values, declared, {
      language: "typescript",
      kernel: "carbonbook",
    });
    expect(source).toBe('// Parameters\nlet mode: "euler" | "rk4" = "euler";\nlet extra = NaN;\n');
  });

  test("a language without a translator is refused by name", () => {
    expect(() => findLanguage("cobol", "gnucobol")).toThrow('got "cobol" (kernel "gnucobol")');
  });
});

test("an integer fits a number, a float no integer", () => {
  expect([
    fits(3, "number"),
    fits(3n, "number"),
    fits(3.5, "integer"),
    fits([1, "a"], { list: "number" }),
  ]).toEqual([true, true, false, false]);
});
