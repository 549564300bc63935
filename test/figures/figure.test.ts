import { heatmap, line, makeFigure, points, vectors } from "carbonbook/figures";
import { expect, test } from "vitest";
import { demo, WAVE } from "./demo.js";

// biome-ignore lint/suspicious/noExplicitAny: a Plotly layout is free-form
type Loose = Record<string, any>;

test("a figure is plain data: it survives JSON, and gets its method back", () => {
  const made = demo();
  const back = makeFigure(JSON.parse(JSON.stringify(made)));
  expect(back).toEqual(made);
  expect(JSON.stringify(made)).not.toContain("toMimeBundle");
  expect(back.toMimeBundle).toBeTypeOf("function");
});

test("the title and the data label are drawn in the figure, and axes carry units", () => {
  const layout = demo().layout as Loose;
  const texts = layout.annotations.map((a: Loose) => a.text);
  expect(texts).toContain("<b>Waves are high in the north</b>");
  expect(texts).toContain("Data: closed form");
  expect(layout.xaxis.title.text).toBe("Longitude (°E)");
  expect(layout.yaxis2.title.text).toBe("Loss");
  expect(layout.coloraxis.colorbar.title.text).toBe("Height (m)");
});

test("a series keeps one style and one legend entry through all panels", () => {
  const traces = demo().data as Loose[];
  const net = traces.filter((t) => t.legendgroup === "net");
  expect(net.filter((t) => t.showlegend)).toHaveLength(1);
  expect(net.find((t) => t.type === "bar")!.marker.color).toBe(
    net.find((t) => t.mode === "lines+markers")!.line.color,
  );
});

test("panels with equal scales share one colour bar, others have their own", () => {
  const panel = (scale: { label: string; units: string; min: number; max: number }) => ({
    x: { label: "x", units: "km" },
    y: { label: "y", units: "km" },
    layers: [heatmap({ ...WAVE, scale })],
  });
  const bars = (a: number) => {
    const scale = { label: "h", units: "m", min: 0, max: 1 };
    const made = demo({ panels: [panel(scale), panel({ ...scale, max: a })] });
    return Object.keys(made.layout).filter((key) => key.startsWith("coloraxis"));
  };
  expect(bars(1)).toEqual(["coloraxis"]);
  expect(bars(2)).toEqual(["coloraxis", "coloraxis2"]);
});

test("a panel with an aspect keeps its proportions on the page", () => {
  const { layout, width, height } = demo();
  const { xaxis, yaxis } = layout as Loose;
  const wide = (xaxis.domain[1] - xaxis.domain[0]) * width;
  const high = (yaxis.domain[1] - yaxis.domain[0]) * height;
  expect(high / wide).toBeCloseTo(6 / (8 * Math.cos((49 * Math.PI) / 180)), 2);
});

test("NaN and infinity become gaps, and numbers keep nine digits", () => {
  const layer = line({ x: [1, 2, 3], y: [Number.NaN, 1 / 3, Number.POSITIVE_INFINITY] });
  const [trace] = layer.draw({
    colour: "#000000",
    dash: "solid",
    symbol: "circle",
    coloraxis: "",
  }).traces;
  expect(trace!.y).toEqual([null, 0.333333333, null]);
});

test.each([
  { what: "id", changes: { id: "../x" }, message: /id: expected letters, digits.*got "\.\.\/x"/ },
  {
    what: "data label",
    changes: { dataLabel: "nice data" },
    message: /dataLabel: expected "real data/,
  },
  { what: "caption", changes: { caption: " " }, message: /caption: expected a sentence/ },
  { what: "panels", changes: { panels: [] }, message: /panels: expected at least one/ },
])("a bad $what is refused with what was wanted", ({ changes, message }) => {
  expect(() => demo(changes)).toThrow(message);
});

test("arrays that do not fit are refused with both sizes", () => {
  expect(() => heatmap({ x: [1, 2], y: [1], z: [1], scale: { label: "", units: "" } })).toThrow(
    "z: expected shape (1, 2), got (1,)",
  );
  expect(() => points({ x: [1, 2], y: [1] })).toThrow("points: expected 2 values, got 1");
  const key = { speed: 1, label: "1 m s⁻¹", x: 0, y: 0 };
  expect(() => vectors({ x: [1], y: [1], u: [1, 2], v: [1], unitLength: 1, key })).toThrow(
    "vectors: expected 1 values, got 2",
  );
});
