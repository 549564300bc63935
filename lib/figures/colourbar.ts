/** Colour bars: one for each scale of a panel, or one for all panels where they share it. */

import type { DrawnPanel, UsedScale } from "./draw.js";
import { textWidth } from "./font.js";
import type { Piece } from "./layer.js";
import { axisTitle } from "./panel.js";
import type { Box, Page } from "./placement.js";
import { INK, TEXT } from "./theme.js";

/** Sizes of a bar and what is beside it [px]. */
const BAR = { gap: 14, thickness: 15, ticks: 46, title: 26 } as const;

/** The one scale that several panels share, if all that have one do. */
export function sharedScale(drawn: readonly DrawnPanel[]): UsedScale | undefined {
  const scales = drawn.flatMap((panel) => panel.scales);
  const names = new Set(scales.map((scale) => scale.coloraxis));
  return scales.length > 1 && names.size === 1 ? scales[0] : undefined;
}

/** Room a bar takes with its marks and title [px]. */
export function barWidth({ scale }: UsedScale): number {
  const labels = scale.ticks?.labels ?? [];
  const ticks = Math.max(BAR.ticks, ...labels.map((l) => textWidth(l, { size: TEXT.tick }) + 12));
  const beside = scale.label !== "" && scale.ticks === undefined;
  return BAR.gap + BAR.thickness + ticks + (beside ? BAR.title : 0);
}

/**
 * The colour axes of all panels with their bars; one that all share spans them all, one that some share
 * spans those above each other in the last column that has it.
 */
export function colourBars(
  drawn: readonly DrawnPanel[],
  boxes: readonly Box[],
  page: Page,
): Piece[] {
  const shared = sharedScale(drawn);
  if (shared !== undefined) return [colourAxis(shared, 0, around(boxes), page)];
  return drawn.flatMap((panel, i) => panelBars(panel, columnOf(panel, i, { drawn, boxes }), page));
}

/** A panel's box, with those right above it in its column that have just its scales. */
function columnOf(
  panel: DrawnPanel,
  index: number,
  { drawn, boxes }: { readonly drawn: readonly DrawnPanel[]; readonly boxes: readonly Box[] },
): Box {
  const scalesOf = ({ scales }: DrawnPanel) => scales.map(({ coloraxis }) => coloraxis).join();
  const own = [boxes[index]!];
  for (let above = index - 1; above >= 0; above--) {
    if (boxes[above]!.left !== own[0]!.left) continue;
    if (scalesOf(drawn[above]!) !== scalesOf(panel)) break;
    own.push(boxes[above]!);
  }
  return around(own);
}

function panelBars(panel: DrawnPanel, box: Box, page: Page): Piece[] {
  let offset = 0;
  return panel.scales.map((used) => {
    const bar = colourAxis(used, offset, box, page);
    offset += barWidth(used);
    return bar;
  });
}

function colourAxis({ scale, coloraxis }: UsedScale, offset: number, box: Box, page: Page): Piece {
  return {
    [coloraxis]: {
      cmin: scale.min,
      cmax: scale.max,
      colorscale: scale.stops.map(([place, colour]) => [place, colour]),
      colorbar: {
        x: (box.left + box.width + BAR.gap + offset) / page.width,
        xanchor: "left",
        xpad: 0,
        ypad: 0,
        y: 1 - (box.top + box.height / 2) / page.height,
        yanchor: "middle",
        len: box.height / page.height,
        lenmode: "fraction",
        thickness: BAR.thickness,
        outlinecolor: INK.axis,
        outlinewidth: 1,
        ticks: "outside",
        ticklen: 4,
        tickfont: { size: TEXT.tick },
        title: {
          text: axisTitle(scale),
          side: scale.ticks === undefined ? "right" : "top",
          font: { size: TEXT.axis },
        },
        ...(scale.ticks === undefined
          ? { nticks: 6 }
          : { tickvals: [...scale.ticks.values], ticktext: [...scale.ticks.labels] }),
      },
    },
  };
}

/** The smallest rectangle around all. */
function around(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map((b) => b.left));
  const top = Math.min(...boxes.map((b) => b.top));
  const right = Math.max(...boxes.map((b) => b.left + b.width));
  const bottom = Math.max(...boxes.map((b) => b.top + b.height));
  return { left, top, width: right - left, height: bottom - top };
}
