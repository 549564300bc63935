import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeSampleFiles } from "./sample-files.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const site = mkdtempSync(join(tmpdir(), "docs-"));
afterAll(() => rmSync(site, { recursive: true }));

/** The Markdown that people read: the README and all of docs/. */
const TEXTS = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

const ROOMS = readdirSync(join(ROOT, "lib")).filter(
  (name) => name !== "cli" && existsSync(join(ROOT, "lib", name, "index.ts")),
);

describe("the site", () => {
  let pages: string[] = [];
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, "docs/site/build.mjs"), site]);
    pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".html"),
    );
  }, 240_000);

  test("has a page for every text, notebook and room", () => {
    const wanted = [
      ...TEXTS.filter((file) => file.startsWith("docs/") && !file.endsWith("README.md")).map(
        (file) => file.slice(5, -3),
      ),
      ...readdirSync(join(ROOT, "notebooks"))
        .filter((name) => /^\d\d-.*ipynb$/.test(name))
        .map((name) => `notebooks/${name.slice(0, -6)}`),
      ...ROOMS.map((room) => `reference/${room}`),
    ];
    expect(wanted.filter((page) => !pages.includes(`${page}.html`))).toEqual([]);
  });

  test("no link inside it is broken, and it asks nobody for anything", () => {
    const texts = new Map(pages.map((page) => [page, readFileSync(join(site, page), "utf8")]));
    const ids = new Map<string, Set<string | undefined>>();
    const idsOf = (file: string) => {
      const text = () => texts.get(file) ?? readFileSync(join(site, file), "utf8");
      const found =
        ids.get(file) ?? new Set([...text().matchAll(/ id="([^"]*)"/g)].map((m) => m[1]));
      ids.set(file, found);
      return found;
    };
    const broken: string[] = [];
    for (const [page, text] of texts) {
      const html = text.replace(/<script[\s\S]*?<\/script>/g, "");
      for (const [, address = ""] of html.matchAll(/(?:href|src)="([^"]*)"/g)) {
        if (/^(https?:|data:|mailto:)/.test(address)) continue;
        const [path = "", anchor] = address.split("#");
        const target =
          path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
        const found = existsSync(join(site, target));
        const named = !anchor || (found && idsOf(target).has(anchor));
        if (!found || !named) broken.push(`${page}: ${address}`);
      }
      expect(html).not.toMatch(/<(script|link|img|iframe)[^>]*(src|href)="https?:/);
    }
    expect(broken).toEqual([]);
  });

  test("the reference says what a function takes, in which units, and where it is from", () => {
    const page = (name: string) => readFileSync(join(site, `reference/${name}.html`), "utf8");
    expect(page("lagrangian/BacktrackOptions")).toMatch(/sinkingSpeed[\s\S]*\[m s⁻¹\]/);
    expect(page("lagrangian/backtrack")).toContain("{PositionError}");
    expect(page("biomes/splitThermal")).toContain("Takahashi et al. (2002)"); // cited by the file's head
    expect(page("kernel/explore")).toContain("Draw something that depends on controls");
  });
});

describe("links between the texts themselves", () => {
  test.each(TEXTS)("%s", (file) => {
    const text = readFileSync(join(ROOT, file), "utf8").replace(/```[\s\S]*?```/g, "");
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, address = ""]) => address);
    const inside = links.filter((address) => !/^(https?:|#|mailto:)/.test(address));
    const missing = inside.filter(
      (address) => !existsSync(join(ROOT, dirname(file), address.replace(/#.*/, ""))),
    );
    expect(missing).toEqual([]);
  });
});

/** The samples of a text. */
const SAMPLES = TEXTS.flatMap((file) =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
    ([, code = ""], i) => ({ name: `${file}, sample ${i + 1}`, code }),
  ),
);

describe("samples of code", () => {
  // inside the repository, so that carbonbook is found as a reader's code finds it
  const folder = join(ROOT, "node_modules", ".cache", "samples");
  const files = SAMPLES.map((_, i) => join(folder, `sample-${i}.mts`));
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    await writeSampleFiles(folder);
    for (const [i, { code }] of SAMPLES.entries())
      writeFileSync(files[i]!, `${code}\nexport {};\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("all have the right types", () => {
    const program = ts.createProgram(files, {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
    });
    const said = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      const index = files.indexOf(file?.fileName ?? "");
      return `${SAMPLES[index]?.name ?? file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    expect(said).toEqual([]);
  }, 120_000);

  test.each(SAMPLES)(
    "$name runs",
    ({ name, code }) => {
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      const file = join(folder, `${name.replace(/\W+/g, "-")}.mjs`);
      writeFileSync(file, outputText);
      execFileSync(process.execPath, [file], { cwd: folder, stdio: "pipe" });
    },
    120_000,
  );
});
