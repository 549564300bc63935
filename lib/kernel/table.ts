/** Tables in HTML for values that are tabular. */

/** Most rows and columns that are shown; the middle of longer tables is left out. */
const MAX_ROWS = 20;
const MAX_COLUMNS = 20;

interface Table {
  readonly columns: readonly string[];
  readonly index: readonly string[];
  /** rows × columns */
  readonly rows: readonly (readonly unknown[])[];
  /** said below the table */
  readonly size: string;
}

/** The shape of danfo's DataFrame and Series, as far as it is needed here. */
interface Frame {
  readonly columns: readonly unknown[];
  readonly index: readonly unknown[];
  readonly values: readonly unknown[];
  readonly shape: readonly number[];
}

/**
 * The HTML table of a value, or undefined where it is not tabular.
 *
 * Tabular are data frames and series (danfo's, by their shape), typed arrays, arrays with `data` and
 * a `shape` of two dimensions, and lists of plain records with the same keys.
 */
export function tableOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isFrame(value)) return toHtml(ofFrame(value));
  if (isNumberList(value)) return toHtml(ofShaped({ data: value, shape: [1, value.length] }));
  if (isShaped(value)) return toHtml(ofShaped(value));
  return isRecords(value) ? toHtml(ofRecords(value)) : undefined;
}

function isFrame(value: object): value is Frame {
  const { columns, index, values, shape } = value as Partial<Frame>;
  return [columns, index, values, shape].every(Array.isArray);
}

function ofFrame({ columns, index, values, shape }: Frame): Table {
  const wide = shape.length > 1;
  return {
    columns: columns.map(String),
    index: index.map(String),
    rows: values.map((row) => (wide ? (row as unknown[]) : [row])),
    size: `${shape[0]} rows × ${wide ? shape[1] : 1} columns`,
  };
}

function isNumberList(value: object): value is ArrayLike<number> & object {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value);
}

interface Shaped {
  readonly data: ArrayLike<unknown>;
  readonly shape: readonly number[];
}

function isShaped(value: object): value is Shaped {
  const { data, shape } = value as Partial<Shaped>;
  if (!ArrayBuffer.isView(data) || !Array.isArray(shape)) return false;
  return (
    shape.length === 2 && shape[0] * shape[1] === (data as unknown as ArrayLike<number>).length
  );
}

function ofShaped({ data, shape }: Shaped): Table {
  const [ny, nx] = shape as [number, number];
  const kind = (data as object).constructor.name;
  return {
    columns: Array.from({ length: nx }, (_, i) => String(i)),
    index: Array.from({ length: ny }, (_, j) => String(j)),
    rows: Array.from({ length: ny }, (_, j) =>
      Array.from({ length: nx }, (_, i) => data[j * nx + i]),
    ),
    size: `${ny} × ${nx}, ${kind}`,
  };
}

function isRecords(value: object): value is readonly Record<string, unknown>[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  const keys = isPlain(value[0]) ? Object.keys(value[0]).join() : "";
  const looked = value.slice(0, 1000);
  return keys !== "" && looked.every((row) => isPlain(row) && Object.keys(row).join() === keys);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function ofRecords(records: readonly Record<string, unknown>[]): Table {
  const columns = Object.keys(records[0]!);
  return {
    columns,
    index: records.map((_, i) => String(i)),
    rows: records.map((record) => columns.map((name) => record[name])),
    size: `${records.length} rows × ${columns.length} columns`,
  };
}

function toHtml({ columns, index, rows, size }: Table): string {
  const across = ends(columns.length, MAX_COLUMNS);
  const down = ends(rows.length, MAX_ROWS);
  const line = (cells: readonly string[]) => `<tr>${cells.join("")}</tr>`;
  const head = ["<th></th>", ...across.map((i) => heading(i < 0 ? "…" : columns[i]))];
  const body = down.map((j) =>
    line([
      heading(j < 0 ? "⋮" : index[j]),
      ...across.map((i) => `<td>${i < 0 || j < 0 ? "…" : escapeHtml(cellText(rows[j]![i]))}</td>`),
    ]),
  );
  return `<table><thead>${line(head)}</thead><tbody>${body.join("")}</tbody></table><p>${escapeHtml(size)}</p>`;
}

/** Indices to show: all, or the first and last with -1 for the gap. */
function ends(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  const half = most / 2;
  const first = Array.from({ length: half }, (_, i) => i);
  return [...first, -1, ...first.map((i) => length - half + i)];
}

function cellText(value: unknown): string {
  if (typeof value !== "number") return value == null ? "" : String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function heading(text: string | undefined): string {
  return `<th>${escapeHtml(text ?? "")}</th>`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
