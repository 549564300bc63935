/** Notebooks of formats 2 and 3 (IPython up to 2.x), brought to format 4. */

type Raw = Record<string, unknown>;

const MIME: Readonly<Record<string, string>> = {
  text: "text/plain",
  html: "text/html",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  latex: "text/latex",
  javascript: "application/javascript",
  json: "application/json",
  pdf: "application/pdf",
};

/** Keys of an old output that are not content. */
const OUTPUT_KEYS = new Set(["output_type", "metadata", "prompt_number", "execution_count"]);

/** Bring a notebook of format 2 or 3 to format 4; all worksheets become one list of cells. */
export function upgradeOld(notebook: Raw): Raw {
  const { name: _name, signature: _signature, ...metadata } = record(notebook.metadata);
  const worksheets = notebook.worksheets;
  const sheets = Array.isArray(worksheets) ? worksheets.map((sheet) => record(sheet).cells) : [];
  const isWhole = Array.isArray(worksheets) && sheets.every(Array.isArray);
  // without its cells it stays invalid, and is refused as such
  const cells = isWhole ? { cells: sheets.flat().map(upgradeCell) } : {};
  return { nbformat: 4, nbformat_minor: 0, metadata, ...cells };
}

function upgradeCell(raw: unknown): unknown {
  const cell = record(raw);
  const metadata = { ...record(cell.metadata) };
  switch (cell.cell_type) {
    case "code": {
      metadata.collapsed = cell.collapsed === true;
      const outputs = list(cell.outputs).map(upgradeOutput);
      const execution_count = cell.prompt_number ?? null;
      const source = cell.input ?? "";
      return { cell_type: "code", metadata, execution_count, outputs, source: oldLines(source) };
    }
    case "heading": {
      const level = "#".repeat(Number(cell.level ?? 1));
      const text = oldLines(cell.source).replaceAll("\n", " ");
      return { cell_type: "markdown", metadata, source: `${level} ${text}` };
    }
    case "html":
      return { cell_type: "markdown", metadata, source: oldLines(cell.source) };
    default: {
      return { cell_type: cell.cell_type, metadata, source: oldLines(cell.source) };
    }
  }
}

function upgradeOutput(raw: unknown): unknown {
  const output = record(raw);
  const metadata = record(output.metadata);
  switch (output.output_type) {
    case "stream": {
      const { stream, output_type, text } = output;
      return { output_type, name: stream ?? "stdout", text: oldLines(text) };
    }
    case "pyerr": {
      const { ename, evalue, traceback } = output;
      return { output_type: "error", ename, evalue, traceback };
    }
    case "pyout": {
      const execution_count = output.prompt_number ?? null;
      return { output_type: "execute_result", execution_count, metadata, data: bundle(output) };
    }
    default:
      return { output_type: output.output_type, metadata, data: bundle(output) };
  }
}

function bundle(output: Raw): Raw {
  const content = Object.entries(output).filter(([key]) => !OUTPUT_KEYS.has(key));
  return Object.fromEntries(
    content.map(([key, value]) => [MIME[key] ?? key, key === "json" ? value : oldLines(value)]),
  );
}

/** Format 2 keeps lines without their newline, format 3 with it. */
function oldLines(value: unknown): string {
  if (!Array.isArray(value)) return String(value ?? "");
  const bare = value.slice(0, -1).every((line) => !String(line).endsWith("\n"));
  return value.join(bare ? "\n" : "");
}

function record(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
