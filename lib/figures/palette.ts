/**
 * Colour maps of the cmocean family: even in lightness, each with its customary quantity. Control
 * points, evenly spaced, after Thyng et al. (2016), Oceanography 29(3), doi:10.5670/oceanog.2016.66
 * (published under the MIT licence).
 */

/** Names of the colour maps. */
export type PaletteName = SequentialName | DivergingName | "phase";

/** Colour maps from little to much. */
export type SequentialName =
  | "thermal"
  | "haline"
  | "solar"
  | "ice"
  | "gray"
  | "deep"
  | "dense"
  | "algae"
  | "matter"
  | "turbid"
  | "speed"
  | "amp"
  | "tempo";

/** Colour maps that part at a middle value. */
export type DivergingName = "balance" | "delta" | "curl";

/** Control points of each colour map, from low to high, as `#rrggbb`, evenly spaced. */
export const PALETTES: Readonly<Record<PaletteName, readonly string[]>> = {
  thermal: split(
    "032333 0d3064 35329b 5d3e99 7e4d8f 9e5987 c16479 e17161 f68b45 fbad3c f6d346 e7fa5a",
  ),
  haline: split(
    "29186b 2a23a0 0f4799 125f8e 267489 358888 419d85 51b27c 6fc66b a0d65b d4e170 fdee99",
  ),
  solar: split(
    "331317 4f1c21 6c2424 872f20 9d4219 ae5814 bc6f13 c78916 d1a420 d9c02c dede3b e0fd4a",
  ),
  ice: split("030512 191933 2c2a57 3a3c7d 3e53a0 3e6db2 4886bb 599fc4 72b8cd 95cfd8 c0e5e8 eafcfd"),
  gray: split(
    "000000 101010 262626 3b3b3b 515050 666565 7c7b7a 929291 ababaa c5c5c3 e0e0df fefefd",
  ),
  deep: split(
    "fdfdcc ceecb3 9cdba5 6fc9a3 56b1a3 4c99a0 44829b 3e6c96 3e528f 403c73 362b4d 271a2c",
  ),
  dense: split(
    "e6f0f0 bfdde5 9cc9e2 81b4e3 739ae4 757fdd 7864ca 774aaf 71328d 641f68 501442 360e24",
  ),
  algae: split(
    "d6f9cf bae4ae 9cd18f 7cbf73 55ae5b 259d51 078a4e 0d7547 175f3d 194b31 173723 112414",
  ),
  matter: split(
    "fdedb0 facd91 f6ad77 f08e62 e76d54 d85053 c3385a a82860 8a1d63 6b185d 4c1550 2f0f3d",
  ),
  turbid: split(
    "e8f5ab dcdb89 d1c16b c7a853 ba8f42 aa793c 97673a 815738 684835 503b2e 392d25 221e1b",
  ),
  speed: split(
    "fefccd efe19c ddc96a c2b63b 9da715 749905 4b8a14 237924 0b642c 124e2b 193822 172312",
  ),
  amp: split("f1ecec e6d1cb ddb6aa d59c89 cd8167 c46649 ba4a2f ac2c24 951327 780e28 590d1f 3c0911"),
  tempo: split(
    "fef5f4 dee0d2 bdceb5 99bd9c 6ead8a 419d81 19897d 127475 195e6a 1c485d 193350 141d43",
  ),
  phase: split(
    "a7770c c56033 d94360 dd26a3 c43be0 9961f4 5f7fe4 2890b7 0f9788 27994f 778d11 a7770c",
  ),
  balance: split(
    "171c42 293a8f 0b66bd 4590b9 8eb5c2 d2d8db e6d2cc d59d89 c46548 ac2b24 780e28 3c0911",
  ),
  delta: split(
    "101f3f 263e90 1e6ea1 3c9aab 8cc1ba d9e5da efe29c c3b63b 739805 227824 124e2b 172312",
  ),
  curl: split(
    "141d43 1c485d 127375 3f9c81 99bd9c dfe1d3 f1dace e0a089 cb6563 a43660 6f175b 330d35",
  ),
};

/** Whether a colour map parts at a middle value. */
export function isDiverging(name: PaletteName): name is DivergingName {
  return name === "balance" || name === "delta" || name === "curl";
}

/** The colour at a place between 0 and 1 of a colour map, as `#rrggbb`. */
export function colourAt(name: PaletteName, place: number): string {
  const colours = PALETTES[name];
  return colourBetween(
    colours.map((colour, i) => [i / (colours.length - 1), colour]),
    place,
  );
}

/** The colour at a place between 0 and 1 of pairs of place and `#rrggbb`, mixed evenly between them. */
export function colourBetween(
  stops: readonly (readonly [number, string])[],
  place: number,
): string {
  const above = stops.findIndex(([at]) => at >= place);
  if (above === 0) return stops[0]![1];
  if (above < 0) return stops.at(-1)![1];
  const [[from, low], [to, high]] = [stops[above - 1]!, stops[above]!];
  const share = to === from ? 1 : (place - from) / (to - from);
  const mixed = [0, 1, 2].map((channel) => {
    const a = channelOf(low, channel);
    return Math.round(a + (channelOf(high, channel) - a) * share);
  });
  return `#${mixed.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Relative luminance of a colour, 0 black to 1 white.
 *
 * @see W3C, Web Content Accessibility Guidelines 2.2, "relative luminance"
 */
export function luminance(hex: string): number {
  const [r, g, b] = [0, 1, 2].map((channel) => {
    const c = channelOf(hex, channel) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function channelOf(hex: string, channel: number): number {
  return Number.parseInt(hex.slice(1 + 2 * channel, 3 + 2 * channel), 16);
}

function split(stops: string): string[] {
  return stops.split(" ").map((stop) => `#${stop}`);
}
