import { type DiagramBox, diagram, networkParts, renderSvg } from "carbonbook/figures";
import { expect, test } from "vitest";

const facts = {
  id: "flow",
  study: "tests",
  title: "One leads to another",
  caption: "Two boxes.",
  dataLabel: "schematic",
};
const box = (id: string, x: number, y: number): DiagramBox => ({
  id,
  text: `box ${id}`,
  x,
  y,
  width: 100,
  height: 40,
});

test("an arrow joins the sides that face each other, and its head touches the second box", () => {
  const cases = [
    { to: box("b", 200, 0), from: [100, 20], tip: [200, 20] },
    { to: box("b", -200, 0), from: [0, 20], tip: [-100, 20] },
    { to: box("b", 0, 100), from: [50, 40], tip: [50, 100] },
    { to: box("b", 0, -100), from: [50, 0], tip: [50, -60] },
  ];
  for (const { to, from, tip } of cases) {
    const made = diagram({
      ...facts,
      boxes: [box("a", 0, 0), to],
      arrows: [{ from: "a", to: "b" }],
    });
    const [line, head] = made.layout.shapes as Record<string, unknown>[];
    expect([line!.x0, line!.y0]).toEqual(from);
    expect(head!.path).toMatch(new RegExp(`^M${tip[0]},${tip[1]}L`));
  }
});

test("a drawing is as large on the page as it was described", () => {
  const made = diagram({ ...facts, boxes: [box("a", 0, 0), box("b", 300, 100)], arrows: [] });
  const { domain, range } = made.layout.xaxis as { domain: number[]; range: number[] };
  expect((domain[1]! - domain[0]!) * made.width).toBeCloseTo(range[1]! - range[0]!, 6);
});

test("a text that does not fit, an unknown box and an id given twice are refused", () => {
  const wordy = {
    ...box("a", 0, 0),
    text: "far too many words to fit into so small a box as this",
  };
  expect(() => diagram({ ...facts, boxes: [wordy], arrows: [] })).toThrow(
    /box "a": expected room for its text/,
  );
  expect(() =>
    diagram({ ...facts, boxes: [box("a", 0, 0)], arrows: [{ from: "a", to: "c" }] }),
  ).toThrow('arrow: expected one of a, got "c"');
  expect(() => diagram({ ...facts, boxes: [box("a", 0, 0), box("a", 9, 9)], arrows: [] })).toThrow(
    /ids that differ/,
  );
});

test("a network of n levels has n encoders, n − 1 decoders and n − 1 skips, none overlapping", async () => {
  const levels = [64, 128, 256, 512].map((channels, i) => ({
    channels,
    size: `${96 >> i} × ${96 >> i}`,
  }));
  const words = { input: "fields", output: "PDF", down: "pool", up: "up", skip: "skip" };
  const parts = networkParts({ levels, ...words });
  expect(parts.boxes).toHaveLength(4 + 3 + 2);
  expect(parts.arrows.filter((arrow) => arrow.text === "skip")).toHaveLength(3);
  for (const [i, a] of parts.boxes.entries()) {
    for (const b of parts.boxes.slice(i + 1)) {
      const apart =
        a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
      expect(apart).toBe(true);
    }
  }
  const svg = await renderSvg(diagram({ ...facts, ...parts }));
  expect(svg.match(/512 maps/g)).not.toBeNull();
});
