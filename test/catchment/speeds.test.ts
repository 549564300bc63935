import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Album,
  askCatchment,
  COARSE_SURFACE,
  catchmentAnimation,
  channelsOf,
  continuityOf,
  crossingWeights,
  datesOfSpeed,
  deepSurroundings,
  firstMember,
  forecastSpeeds,
  judgedSamples,
  judgeSpeeds,
  LAYERS_2025,
  loadSpeedForecaster,
  makeSpeedImages,
  mapOf,
  mapsOfLevel,
  massCentre,
  meanLossMap,
  ONE_SATELLITE_NETWORK,
  placesOf,
  QUICK_2025,
  readSpeedPdfs,
  runSpeeds,
  type SatelliteMaps,
  type Snapshot,
  type SpeedForecaster,
  samplesOfSpeeds,
  saveSpeedForecaster,
  scoreSpeeds,
  writeCatchments,
  writeSpeedPdfs,
} from "carbonbook/catchment";
import { readCatchments } from "carbonbook/flux";
import { initialise, unet } from "carbonbook/learn";
import { closedFormOcean, uniformFlow } from "carbonbook/ocean";
import { afterAll, expect, test } from "vitest";

const DAY = 86400;
const folder = mkdtempSync(join(tmpdir(), "speeds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const box = {
  nx: 61,
  ny: 61,
  dx: 10e3,
  heights: Float64Array.from({ length: 9 }, (_, k) => -3200 + 400 * k),
  times: Float64Array.from({ length: 41 }, (_, day) => day * DAY),
  f: 1e-4,
};
const trap = { east: 300e3, north: 300e3, depth: 3000 };
const experiment = {
  ...QUICK_2025,
  patch: { side: 4e3, across: 2 },
  collection: { duration: 2 * DAY, releases: 2 },
  levels: [900, 200],
  grid: { n: 24, dx: 16e3 },
};

test("in a uniform current the catchment lies 2800 m / w upstream, for every speed at once", async () => {
  const pdfs = await runSpeeds(closedFormOcean(uniformFlow(0.03, 0), box), [trap], [40 * DAY], {
    experiment,
    sinking: [100, 200, 300],
  });
  expect(pdfs.traps).toHaveLength(3);
  expect(placesOf(pdfs)).toEqual([trap]);
  const maps = mapsOfLevel(pdfs.filtered, 2, 1, 576);
  for (const [k, speed] of pdfs.speeds.entries()) {
    const expected = (0.03 * 2800 * DAY) / speed;
    expect(Math.abs(massCentre(mapOf(maps, k), pdfs.grid) - expected)).toBeLessThan(9e3);
  }
  const path = join(folder, "pdfs.nc");
  await writeSpeedPdfs(path, pdfs, { title: "test" });
  const again = await readSpeedPdfs(path);
  expect(again.speeds).toEqual([100, 200, 300]);
  expect(again.filtered).toEqual(pdfs.filtered);
});

test("samples count by window, speed and trap", () => {
  const set = { traps: Array(6).fill(trap), speeds: [80, 300] };
  expect([...samplesOfSpeeds(set, [1], [300])]).toEqual([9, 10, 11]);
  expect([...samplesOfSpeeds(set, [0, 1])]).toHaveLength(12);
});

test("images end where the code's index arithmetic puts them", () => {
  const days = (speed: number) => datesOfSpeed(speed).map((s) => s / DAY);
  expect(days(80)).toEqual([-50, -40, -30, -20, -10]);
  expect(days(150)).toEqual([-40, -30, -20, -10, 0]);
  expect(days(300)).toEqual([-30, -20, -10, 0, 10]);
});

/** An album whose fields say where and what they are: quantity · 100 + date. */
function album(side = 64): Album {
  const snapshots = new Map<number, Snapshot>();
  for (let day = 0; day <= 110; day += 10) {
    const flat = (value: number, levels = 4) =>
      new Float32Array(levels * side * side).fill(value + day);
    const depths = [0, 750, 1500, 2250];
    snapshots.set(day * DAY, {
      depths,
      nx: side,
      ny: side,
      temperature: flat(1000),
      vorticity: flat(2000),
      u: flat(3000),
      v: flat(4000),
      ssh: flat(5000, 1),
    });
  }
  const times = Float64Array.from(snapshots.keys());
  return { depths: [0, 750, 1500, 2250], snapshots, times, cells: [{ i: 32, j: 32 }] };
}

const input = { n: 16, maps: 2, dx: 16e3, speeds: [80, 300] };
const windows = Float64Array.from([60, 100], (d) => d * DAY);

test("sst-ssh holds temperature then height of each date, the start, and the speed", () => {
  const images = makeSpeedImages(album(), windows, { ...input, kind: "sst-ssh" });
  expect(channelsOf(images.layout)).toBe(13);
  const image = new Float32Array(13 * 256);
  images.fill(3, image); // second window, 300 m/d
  const first = Array.from({ length: 13 }, (_, c) => Math.round(image[c * 256]! * 100) / 100);
  expect(first).toEqual([1070, 5070, 1080, 5080, 1090, 5090, 1100, 5100, 1110, 5110, 0, 0, 1.5]);
  expect(image[10 * 256 + 7 * 16 + 7]).toBe(0.25);
});

test("SST is as coarse as the paper's text, figure or script says, by name", () => {
  const made = album();
  const first = made.snapshots.get(10 * DAY)!;
  for (const k of first.temperature.keys()) first.temperature[k] = Math.sin(k % 64);
  const seen = (sst?: number | "text" | "figure" | "script") => {
    const resolution = sst === undefined ? {} : { sst };
    const images = makeSpeedImages(made, windows, { ...input, kind: "sst-ssh", resolution });
    const image = new Float32Array(13 * 256);
    images.fill(0, image);
    return [...image.slice(0, 256)];
  };
  expect(seen()).toEqual(seen("text"));
  expect([seen("text"), seen("figure"), seen("script")]).toEqual([28e3, 24e3, 30e3].map(seen));
  expect(seen("figure")).not.toEqual(seen("text"));
});

test("a mooring adds the deep current over the trap, the same everywhere, after what satellites see", () => {
  const made = album();
  for (const { u } of made.snapshots.values()) u.fill(7, 3 * 64 * 64);
  const images = makeSpeedImages(made, windows, { ...input, kind: "sst-ssh-mooring" });
  expect(channelsOf(images.layout)).toBe(23);
  const image = new Float32Array(23 * 256);
  images.fill(0, image);
  const plane = (c: number) => [image[c * 256]!, image[c * 256 + 255]!].map(Math.round);
  expect([0, 1, 8, 9, 10, 11, 18, 19].map(plane)).toEqual(
    [1010, 5010, 1050, 5050, 7, 4010, 7, 4050].map((v) => [v, v]),
  );
});

test.each([
  ["5V-4L", 85],
  ["5V-1L", 25],
] as const)("%s has %i fields", (kind, fields) => {
  const options = { ...input, kind, speedChannel: "none" } as const;
  const images = makeSpeedImages(album(), windows, options);
  expect(channelsOf(images.layout)).toBe(fields + 2);
  const image = new Float32Array((fields + 2) * 256);
  images.fill(0, image);
  expect(image[0]).toBe(1010);
  expect(image[(fields - 1) * 256]).toBe(5050);
});

test("energies above and below are those of their depths", () => {
  const made = album();
  for (const { u, v, vorticity } of made.snapshots.values()) {
    v.fill(0);
    vorticity.fill(-0.1);
    u.fill(0.2, 0, 2 * 64 * 64);
    u.fill(0.1, 2 * 64 * 64);
  }
  const images = makeSpeedImages(made, windows, { ...input, kind: "5V-4L" });
  const around = deepSurroundings(images, Int32Array.of(0), 16e3);
  expect(around.upperEnergy[0]).toBeCloseTo(200, 3);
  expect(around.deepEnergy[0]).toBeCloseTo(50, 3);
  expect(around.deepVorticity[0]).toBeCloseTo(-0.1, 6);
});

test("vorticity around the trap is that of the box's mean: eddies of both signs cancel", () => {
  const made = album();
  const box = 5; // cells of 16 km along a side of 80 km, the trap's in the middle
  for (const { vorticity } of made.snapshots.values()) {
    for (const k of vorticity.keys()) vorticity[k] = k % 2 === 0 ? 0.1 : -0.1;
  }
  const images = makeSpeedImages(made, windows, { ...input, kind: "5V-4L" });
  const around = deepSurroundings(images, Int32Array.of(0), 16e3);
  expect(Math.abs(around.deepVorticity[0]!)).toBeCloseTo(0.1 / box, 6);
});

test("layers are seen on the dates at which particles cross them", () => {
  const { upper, deep } = LAYERS_2025;
  // images 40, 30, 20, 10 and 0 days before the collection ends; particles of 100 m/d need 20 days to
  // 1000 m and 10 more to the surface
  expect(crossingWeights(100, deep)).toEqual([0, 0, 0.5, 0.5, 0]);
  expect(crossingWeights(100, upper)).toEqual([0, 1, 0, 0, 0]);
  for (const speed of [80, 100, 150, 200, 300]) {
    for (const layer of [upper, deep]) {
      expect(crossingWeights(speed, layer).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  }
  expect(() => crossingWeights(10, upper)).toThrow(/10 m\/d/);
});

const network = unet({ channels: 13, size: [16, 16], maps: 2, widths: [4, 8], kernel: 3 });
const net: SpeedForecaster = {
  name: "sst-ssh",
  kind: "sst-ssh",
  network,
  normalisation: { mean: new Float64Array(13), sd: new Float64Array(13).fill(1) },
  members: [1, 2].map((seed) => ({ network, weights: initialise(network, seed) })),
  histories: [],
  tuned: new Map([[300, [3, 4].map((seed) => ({ network, weights: initialise(network, seed) }))]]),
  speeds: [80, 300],
  grid: { n: 16, dx: 16e3 },
  maps: 2,
};

/** The same, normalised as the album's images ask for. */
const learnt = {
  ...net,
  normalisation: {
    mean: Float64Array.from({ length: 13 }, (_, c) => (c < 10 ? 1050 + 4000 * (c % 2) : 0)),
    sd: Float64Array.from({ length: 13 }, (_, c) => (c < 10 ? 20 : 1)),
  },
};

test("images of another input, or in other units, are refused by the network's name", async () => {
  const made = album();
  const cut = (kind: "sst-ssh" | "5V-1L") => makeSpeedImages(made, windows, { ...input, kind });
  const one = Int32Array.of(0);
  await expect(forecastSpeeds(learnt, cut("5V-1L"), one)).rejects.toThrow(
    "images for sst-ssh: expected 13 channels, as in training, got 28 of 5V-1L",
  );
  for (const snapshot of made.snapshots.values())
    for (const k of snapshot.temperature.keys()) snapshot.temperature[k]! += 273.15;
  await expect(forecastSpeeds(learnt, cut("sst-ssh"), one)).rejects.toThrow(
    /channel 0 of the images for sst-ssh.*units of the training images/s,
  );
});

test("a saved forecaster predicts as before, in PDFs that sum to one", async () => {
  const images = makeSpeedImages(album(), windows, { ...input, kind: "sst-ssh" });
  const all = Int32Array.of(0, 1, 2, 3);
  const before = await forecastSpeeds(learnt, images, all);
  const about = {
    ...{ resolution: { sst: "figure" as const }, trainedOn: "twin (synthetic): small" },
    ranges: Array.from({ length: 10 }, (_, c) => [c, c + 1] as const),
  };
  saveSpeedForecaster(folder, { ...learnt, ...about });
  const loaded = await loadSpeedForecaster(folder, "sst-ssh");
  const after = await forecastSpeeds(loaded, images, all);
  expect(after.median.data).toEqual(before.median.data);
  expect(loaded).toMatchObject(about);
  const common = await forecastSpeeds({ ...learnt, tuned: new Map() }, images, all);
  const same = [...all].map((s) =>
    mapOf(common.median, s).every((p, k) => p === mapOf(after.median, s)[k]),
  );
  expect(same).toEqual([...all].map((s) => images.speedOf(s) === 80));
  for (let s = 0; s < 4; s++)
    expect(mapOf(after.median, s).reduce((a, b) => a + b)).toBeCloseTo(1, 4);
  await expect(loadSpeedForecaster(folder, "5V-1L")).rejects.toThrow(/train it first/);
});

test("what is saved of a forecaster tells whether its weights are others, and one member stands alone", () => {
  const saved = (forecaster: SpeedForecaster) => {
    const [about = ""] = saveSpeedForecaster(folder, forecaster).filter((p) => p.endsWith(".json"));
    return readFileSync(about, "utf8");
  };
  const [first = "", other = ""] = [net, { ...net, members: [...net.members].reverse() }].map(
    saved,
  );
  expect(saved(net)).toBe(first);
  expect(other).not.toBe(first);
  const alone = firstMember(net);
  expect(alone.members).toEqual(net.members.slice(0, 1));
  expect(alone.tuned.get(300)).toEqual(net.tuned.get(300)!.slice(0, 1));
});

function satellite(quantity: "ssh" | "sst", value: number, times: number[]): SatelliteMaps {
  const longitude = Float64Array.from({ length: 60 }, (_, k) => -24 + 0.25 * k);
  const latitude = Float64Array.from({ length: 50 }, (_, k) => 43 + 0.25 * k);
  const values = new Float32Array(times.length * 3000).map((_, k) => value + Math.sin(k / 50));
  return { quantity, units: "", longitude, latitude, times: Float64Array.from(times), values };
}

const dates = [30, 40, 50, 60, 70].map((d) => d * DAY);
const question = {
  longitude: -16.5,
  latitude: 49,
  end: 60 * DAY,
  speed: 300,
  ssh: satellite("ssh", 0, dates),
  sst: satellite("sst", 0, dates),
};

test("one call answers where a week's particles came from, with the dates it looked at", async () => {
  const ranges = Array.from({ length: 10 }, () => [-2, 2] as const);
  const answer = await askCatchment({ ...net, ranges }, question);
  expect(answer.pdf.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
  expect(answer.centre).toBeGreaterThanOrEqual(0);
  expect(answer.contours[0]).toBeLessThanOrEqual(answer.contours[1]);
  expect(answer.dates.ssh).toEqual(dates);
  expect(answer.warnings).toEqual([]);
  expect(answer.spread.some((s) => s > 0)).toBe(true);
  expect([...continuityOf([answer, answer])][0]).toBeCloseTo(1, 4);
});

test("another sea, another speed, another week: a warning or an error with the remedy", async () => {
  const warm = await askCatchment(net, { ...question, sst: satellite("sst", 25, dates) });
  expect(warm.warnings.join()).toMatch(/sst.*do not trust/);
  expect(warm.warnings.join()).toMatch(/holds no percentiles of its training/);
  const one = { ...satellite("sst", 0, [0]), times: new Float64Array(0) };
  expect((await askCatchment(net, { ...question, sst: one })).warnings.join()).toMatch(
    /one map stands/,
  );
  await expect(askCatchment(net, { ...question, speed: 150 })).rejects.toThrow(/150 m\/d/);
  await expect(askCatchment(net, { ...question, end: 300 * DAY })).rejects.toThrow(/within 5 d/);
  await expect(askCatchment(net, { ...question, latitude: 20 })).rejects.toThrow();
});

test("the published layout is written and read back", async () => {
  const data = Float32Array.from({ length: 2 * 16 }, (_, k) => k / 1000);
  const path = join(folder, "w100.nc");
  const ends = Float64Array.from([16800, 16810], (d) => d * DAY);
  const grid = { n: 4, dx: 8e3 };
  await writeCatchments(path, { speed: 100, ends, maps: { data, bins: 16 }, grid }, {});
  const record = await readCatchments(path, 100);
  expect([...record.midDates]).toEqual([16800 - 33, 16810 - 33].map((d) => d * DAY));
  expect(record.maps).toEqual(data);
  const wrong = { speed: 100, ends, maps: { data: data.slice(1), bins: 16 }, grid };
  await expect(writeCatchments(path, wrong, {})).rejects.toThrow(/maps/);
});

test("the slider holds every map, and the figure its still", () => {
  const maps = { data: new Float32Array(3 * 64).fill(1 / 64), bins: 64 };
  const film = catchmentAnimation({
    id: "film",
    study: "picard2025",
    title: "t",
    caption: "c",
    dataLabel: "closed form",
    maps,
    dates: [0, 10 * DAY, 20 * DAY],
    grid: { n: 8, dx: 16e3 },
  });
  const [slider] = film.layout.sliders as { steps: { label: string; method: string }[] }[];
  expect(slider!.steps.map((step) => step.label)).toEqual([
    "1970-01-01",
    "1970-01-11",
    "1970-01-21",
  ]);
  expect(slider!.steps[0]!.method).toBe("animate");
  const days = slider!.steps.map((step) => step.label);
  expect(film.frames!.map(({ name }) => name)).toEqual(days);
  const rows = (film.frames![0]!.data as { z: (number | null)[][] }[])[0]!.z;
  expect(rows.flat().reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(100, 0);
  const [menu] = film.layout.updatemenus as { buttons: { label: string }[] }[];
  expect(menu!.buttons.map(({ label }) => label)).toEqual(["Play", "Pause"]);
});

test("losses average in bins of two properties, and few samples leave a blank", () => {
  const x = Float64Array.from({ length: 200 }, (_, k) => k % 20);
  const y = Float64Array.from({ length: 200 }, (_, k) => Math.floor(k / 10));
  const map = meanLossMap(y, [x, y], { bins: 2, least: 3 });
  expect(map.loss[0]!).toBeLessThan(map.loss[2]!);
  expect(map.count.reduce((a, b) => a + b)).toBe(200); // none is left out
  expect(meanLossMap(y, [x, y], { bins: 2, least: 900 }).loss.every(Number.isNaN)).toBe(true);
});

test("samples whose particles left the box are scored by none", () => {
  const pdfs = {
    ...{ traps: Array(4).fill(trap), speeds: [80, 300], windows: new Float64Array(2) },
    ...{ inside: Int32Array.of(9, 9, 9, 9, 9, 4, 9, 9), released: 10, levels: [200] },
  };
  expect([...judgedSamples(pdfs, 80)]).toEqual([0, 1, 4]);
  const truth = { data: new Float32Array(8 * 2).map((_, k) => 1 - (k % 2)), bins: 2 };
  truth.data[10] = 0; // the map of sample 5
  const { scores, dates } = scoreSpeeds(
    "perfect",
    { ...truth, data: truth.data.slice() },
    truth,
    pdfs,
  );
  expect(scores.map(({ losses }) => losses.length)).toEqual([3, 4]);
  expect([...dates[0]!]).toEqual([0, 0, 1]);
});

test("claims are stated at the quick size and judged by their rules at the workshop size", () => {
  const pdfs = {
    ...{ traps: Array(40).fill(trap), speeds: [80, 300], windows: new Float64Array(1) },
    ...{ inside: Int32Array.from({ length: 40 }, () => 9), released: 10, levels: [200] },
  };
  const truth = { data: new Float32Array(40 * 4).map((_, k) => (k % 4 === 0 ? 1 : 0)), bins: 4 };
  const guess = (right: number) => ({
    data: new Float32Array(40 * 4).map((_, k) => (k % 4 === 0 ? right : (1 - right) / 3)),
    bins: 4,
  });
  const shares = {
    "5V-4L": 1,
    "5V-1L": 0.6,
    "sst-ssh": 0.4,
    [ONE_SATELLITE_NETWORK]: 0.4,
    "mean PDF": 0.3,
    "box 192 km": 0.2,
    "box 96 km": 0.1,
    [COARSE_SURFACE]: 0.4,
  };
  const models = Object.entries(shares).map(([name, right]) =>
    scoreSpeeds(name, guess(right), truth, pdfs),
  );
  const better = models[1]!.scores[0]!;
  const worse = models[3]!.scores[0]!;
  const evidence = {
    heights: { kilometres: [80, 200], scores: [better, worse] },
    warmths: { kilometres: [40, 200], scores: [better, better] },
    massCentre: Float64Array.from({ length: 20 }, (_, k) => 10 * k),
    losses: Float64Array.from({ length: 20 }, (_, k) => (k < 8 ? 0.1 : 0.6)),
    around: {
      deepEnergy: Float64Array.from({ length: 20 }, (_, k) => k),
      // of either sign: the fastest turning water is that of the first samples
      deepVorticity: Float64Array.from({ length: 20 }, (_, k) => (k % 2 === 0 ? k - 20 : 20 - k)),
    },
  };
  const verdicts = (size: "quick" | "workshop") =>
    Object.fromEntries(judgeSpeeds(models, { ...evidence, size }).map((f) => [f.id, f.verdict]));
  expect(verdicts("workshop")).toEqual({
    "p2-fig4": "not comparable",
    "p2-satellites-beat-boxes": "holds",
    "p2-depth-worth": "holds",
    "p2-surface-worth": "holds",
    "p2-ssh-resolution": "holds",
    "p2-far-fails": "holds",
    "p2-calm-deep": "holds",
    "p2-mooring": "not judged",
    "p2-resolution-gains": "holds",
    "p2-speed": "by construction",
  });
  expect(verdicts("quick")["p2-depth-worth"]).toBe("not judged");
  const untrained = judgeSpeeds(models.slice(0, -1), { ...evidence, size: "quick" });
  for (const id of ["p2-mooring", "p2-resolution-gains"]) {
    expect(untrained.find((finding) => finding.id === id)).toMatchObject({
      verdict: "not judged",
      note: "trained at workshop size only",
    });
  }
  const [table, boxes] = judgeSpeeds(models, { ...evidence, size: "quick" });
  expect(table!.ours).toContain("sst-ssh 0.37 0.37, 0 0 %, 40 40 %");
  expect(boxes!.ours).toContain("in the right place sst-ssh 40 40 %, box 192 km 20 20 %");
});
