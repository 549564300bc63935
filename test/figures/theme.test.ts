import { expect, test } from "vitest";
import { SERIES, seriesStyle } from "../../lib/figures/theme.js";

test("two dozen series can be told apart without colour beside a colour's own", () => {
  const styles = Array.from({ length: 24 }, (_, slot) => seriesStyle(slot));
  expect(styles.slice(0, SERIES.length)).toEqual([...SERIES]);
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(24);
  for (const [slot, { colour, dash }] of styles.entries()) {
    const before = styles.slice(0, slot).filter((other) => other.colour === colour);
    expect(before.map((other) => other.dash)).not.toContain(dash);
  }
});
