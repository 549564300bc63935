/** The rules of the nbformat 4.5 schema, with a path in every complaint. */

type Check = (value: unknown, path: string) => string[];

const CELL_ID = /^[a-zA-Z0-9-_]+$/;
const JSON_TYPE = /^application\/(.*\+)?json$/;

/** What is wrong with a notebook of format 4.5; empty where it is valid. */
export function faultsOf(notebook: unknown): string[] {
  const faults = object({
    required: { metadata: notebookMetadata, nbformat: integer(4), nbformat_minor: integer(5) },
    listed: { cells: listOf(cell) },
  })(notebook, "notebook");
  return faults.length > 0 ? faults : doubleIds(notebook as { cells: { id: string }[] });
}

function doubleIds(notebook: { cells: { id: string }[] }): string[] {
  const seen = new Set<string>();
  return notebook.cells.flatMap(({ id }, index) => {
    const fault = seen.has(id) ? [`cells[${index}].id: "${id}" is used twice`] : [];
    seen.add(id);
    return fault;
  });
}

interface Shape {
  /** keys that must be there */
  readonly required?: Record<string, Check>;
  /** the same, checked after them */
  readonly listed?: Record<string, Check>;
  /** keys that may be there */
  readonly optional?: Record<string, Check>;
  /** any other key is welcome */
  readonly open?: true;
}

function object(shape: Shape): Check {
  const required = { ...shape.required, ...shape.listed };
  const known = { ...required, ...shape.optional };
  return (value, path) => {
    if (!isRecord(value)) return [`${path}: expected an object, got ${kind(value)}`];
    const lacking = Object.keys(required).filter((key) => value[key] === undefined);
    const foreign = shape.open ? [] : Object.keys(value).filter((key) => known[key] === undefined);
    return [
      ...lacking.map((key) => `${path}: lacks "${key}"`),
      ...foreign.map((key) => `${path}: "${key}" does not belong here`),
      ...Object.entries(known).flatMap(([key, check]) =>
        value[key] === undefined ? [] : check(value[key], `${path}.${key}`),
      ),
    ];
  };
}

function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return [`${path}: expected a list, got ${kind(value)}`];
    return value.flatMap((item, index) => check(item, `${path}[${index}]`));
  };
}

function only(name: string, test: (value: unknown) => boolean): Check {
  return (value, path) => (test(value) ? [] : [`${path}: expected ${name}, got ${kind(value)}`]);
}

function integer(least: number): Check {
  return only(`an integer ≥ ${least}`, (v) => Number.isInteger(v) && (v as number) >= least);
}

const text = only("a string", (v) => typeof v === "string");
const flag = only("true or false", (v) => typeof v === "boolean");
const anything: Check = () => [];
const record = only("an object", isRecord);
const lines = only(
  "a string or a list of strings",
  (v) => typeof v === "string" || (Array.isArray(v) && v.every((line) => typeof line === "string")),
);
const count = only("null or an integer ≥ 0", (v) => {
  return v === null || (Number.isInteger(v) && (v as number) >= 0);
});
const cellId = only("1 to 64 letters, digits, - or _", (v) => {
  return typeof v === "string" && v.length <= 64 && CELL_ID.test(v);
});
const tags: Check = only("a list of different tags without commas", (v) => {
  if (!Array.isArray(v) || new Set(v).size !== v.length) return false;
  return v.every((tag) => typeof tag === "string" && /^[^,]+$/.test(tag));
});
const name = only("a name", (v) => typeof v === "string" && /^.+$/.test(v));

const bundle: Check = (value, path) => {
  if (!isRecord(value)) return record(value, path);
  return Object.entries(value).flatMap(([type, content]) =>
    JSON_TYPE.test(type) ? [] : lines(content, `${path}["${type}"]`),
  );
};

const attachments: Check = (value, path) => {
  if (!isRecord(value)) return record(value, path);
  return Object.entries(value).flatMap(([file, content]) => bundle(content, `${path}["${file}"]`));
};

const times: Check = (value, path) => {
  if (!isRecord(value)) return record(value, path);
  return Object.entries(value).flatMap(([key, time]) => text(time, `${path}["${key}"]`));
};

const notebookMetadata = object({
  open: true,
  optional: {
    kernelspec: object({ open: true, required: { name: text, display_name: text } }),
    language_info: object({
      open: true,
      required: { name: text },
      optional: {
        codemirror_mode: only("a string or an object", (v) => typeof v === "string" || isRecord(v)),
        file_extension: text,
        mimetype: text,
        pygments_lexer: text,
      },
    }),
    orig_nbformat: integer(1),
    title: text,
    authors: listOf(anything),
  },
});

const outputShapes: Readonly<Record<string, Check>> = {
  stream: object({ required: { output_type: text, name: text, text: lines } }),
  display_data: object({ required: { output_type: text, data: bundle, metadata: record } }),
  execute_result: object({
    required: { output_type: text, data: bundle, metadata: record, execution_count: count },
  }),
  error: object({
    required: { output_type: text, ename: text, evalue: text, traceback: listOf(text) },
  }),
};

const output: Check = (value, path) => {
  const type = isRecord(value) ? value.output_type : undefined;
  const check = typeof type === "string" ? outputShapes[type] : undefined;
  const wanted = `one of ${Object.keys(outputShapes).join(", ")}`;
  return check?.(value, path) ?? [`${path}.output_type: expected ${wanted}, got ${kind(type)}`];
};

const common = { name, tags, jupyter: record };
const cellShapes: Readonly<Record<string, Check>> = {
  code: object({
    required: {
      id: cellId,
      cell_type: text,
      metadata: object({
        open: true,
        optional: {
          ...common,
          execution: times,
          collapsed: flag,
          scrolled: only('true, false or "auto"', (v) => v === "auto" || typeof v === "boolean"),
        },
      }),
      source: lines,
      outputs: listOf(output),
      execution_count: count,
    },
  }),
  markdown: object({
    required: {
      id: cellId,
      cell_type: text,
      metadata: object({ open: true, optional: common }),
      source: lines,
    },
    optional: { attachments },
  }),
  raw: object({
    required: {
      id: cellId,
      cell_type: text,
      metadata: object({ open: true, optional: { ...common, format: text } }),
      source: lines,
    },
    optional: { attachments },
  }),
};

function cell(value: unknown, path: string): string[] {
  const type = isRecord(value) ? value.cell_type : undefined;
  const check = typeof type === "string" ? cellShapes[type] : undefined;
  const wanted = `one of ${Object.keys(cellShapes).join(", ")}`;
  return check?.(value, path) ?? [`${path}.cell_type: expected ${wanted}, got ${kind(type)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object")
    return value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  return JSON.stringify(value).slice(0, 60);
}
