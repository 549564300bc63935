/** The files that samples of the documentation name: model output around PAP, and rounds of a loop. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type SourcePdfs, saveSpeedForecaster, writePdfs } from "carbonbook/catchment";
import { writeNetcdf } from "carbonbook/io";
import { initialise, unet } from "carbonbook/learn";

const [NX, NY, NZ] = [20, 16, 12];
const CELL = 20e3; // m
const DAY = 86400;

/** Put them into a folder. */
export async function writeSampleFiles(folder: string): Promise<void> {
  await writeModelOutput(join(folder, "croco_his.nc"), 0, 41);
  await writeModelOutput(join(folder, "his_0001.nc"), 0, 5);
  await writeModelOutput(join(folder, "his_0002.nc"), 5, 5);
  await writePublished(folder);
  await writeSatellites(folder);
  writeFileSync(
    join(folder, "members.mjs"),
    "export const trainMember = ({ index, parameters }) => index + parameters.epochs;\n" +
      "export const scoreMember = ({ index, earlier }) => earlier.members[index] / 2;\n",
  );
}

/** Two samples of the published tensors, a prediction and two catchments, on maps of 8 × 8. */
async function writePublished(folder: string): Promise<void> {
  const made = (sizes: Record<string, number>) => ({
    dimensions: Object.keys(sizes),
    data: new Float32Array(Object.values(sizes).reduce((a, b) => a * b)).fill(1 / 64),
  });
  const write = (
    name: string,
    dimensions: Record<string, number>,
    variables: readonly string[],
  ) => {
    const all = variables.map((variable) => [variable, made(dimensions)] as const);
    return writeNetcdf(join(folder, name), { dimensions, variables: Object.fromEntries(all) });
  };
  await write("images.nc", { nb_case: 2, zdim: 68, xdim: 8, ydim: 8 }, ["images"]);
  await write("supermodel_surf.nc", { nbsample: 1, dx: 8, dy: 8 }, ["super_model_norm"]);
  for (const name of ["pdf_train.nc", "pdf_test.nc"])
    await writePdfs(join(folder, name), twoWindows(), { title: "two windows" });
  const maps = { time: 2, dx: 8, dy: 8 };
  await writeNetcdf(join(folder, "supermodel_ssh80_sst24_w100.nc"), {
    dimensions: maps,
    attributes: { bin_width_m: 8000 },
    variables: {
      supermodel: made(maps),
      mid_date: { dimensions: ["time"], data: ["2000-01-06", "2000-01-16"] },
    },
  });
}

/** Two windows half a year apart: one to train on and one to validate by. */
function twoWindows(): SourcePdfs {
  const maps = new Float32Array(2 * 8 * 64).fill(1 / 64);
  const counts = new Int32Array(2 * 8).fill(10);
  return {
    ...{ raw: maps, filtered: maps, reached: counts, inside: counts, released: 10 },
    traps: [{ longitude: -16.5, latitude: 49, depth: 1000 }],
    ...{ windows: Float64Array.of(0, 200 * DAY), timeOrigin: "run" },
    levels: [900, 800, 700, 600, 500, 400, 300, 200],
    grid: { n: 8, dx: 8000 },
    halfLosses: new Float64Array(2),
    travelTimes: new Float64Array(20),
  };
}

/** A network that sees what satellites see, untrained, and maps of spring 2016 around PAP. */
async function writeSatellites(folder: string): Promise<void> {
  const network = unet({ channels: 13, size: [16, 16], maps: 2, widths: [4, 8], kernel: 3 });
  saveSpeedForecaster(join(folder, "runs", "paper", "models"), {
    ...{ name: "sst-ssh", kind: "sst-ssh", network, histories: [], tuned: new Map(), maps: 2 },
    ...{ speeds: [100], grid: { n: 16, dx: 16e3 } },
    normalisation: { mean: new Float64Array(13), sd: new Float64Array(13).fill(1) },
    ranges: Array.from({ length: 10 }, () => [-1, 20] as const),
    members: [{ network, weights: initialise(network, 1) }],
  });
  for (const [file, name, value] of [
    ["ssh-2016.nc", "adt", 0],
    ["sst-2016.nc", "analysed_sst", 287],
  ] as const) {
    const sizes = { time: 6, latitude: 40, longitude: 60 };
    await writeNetcdf(join(folder, file), {
      dimensions: sizes,
      variables: {
        time: {
          dimensions: ["time"],
          data: Float64Array.from({ length: 6 }, (_, k) => 10 * k),
          attributes: { units: "days since 2016-01-01" },
        },
        latitude: { dimensions: ["latitude"], data: ramp(40, 44) },
        longitude: { dimensions: ["longitude"], data: ramp(60, -24) },
        [name]: {
          dimensions: Object.keys(sizes),
          data: new Float32Array(6 * 40 * 60).fill(value),
          attributes: { units: name === "adt" ? "m" : "kelvin" },
        },
      },
    });
  }
}

/** Quarter degrees from one on. */
function ramp(length: number, from: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => from + 0.25 * k);
}

/** Daily CROCO output of a uniform current of 2 cm/s over a flat bottom of 3000 m. */
async function writeModelOutput(path: string, first: number, records: number): Promise<void> {
  const rho = NX * NY;
  const cells = (of: (i: number, j: number) => number) =>
    Float64Array.from({ length: rho }, (_, o) => of(o % NX, Math.floor(o / NX)));
  const levels = (from: number, count: number) =>
    Float64Array.from({ length: count }, (_, k) => (k + from) / NZ - 1);
  const field = (...dimensions: string[]) => ({ dimensions: ["time", "s_rho", ...dimensions] });
  const onRho = { dimensions: ["eta_rho", "xi_rho"] };
  const degrees = CELL / 111e3;
  await writeNetcdf(path, {
    dimensions: {
      ...{ time: records, s_rho: NZ, s_w: NZ + 1, one: 1, xi_rho: NX, eta_rho: NY },
      ...{ xi_u: NX - 1, eta_v: NY - 1 },
    },
    variables: {
      time: {
        dimensions: ["time"],
        data: Float64Array.from({ length: records }, (_, n) => (first + n) * DAY),
        attributes: { units: "seconds since 2012-01-01" },
      },
      h: { ...onRho, data: cells(() => 3000) },
      pm: { ...onRho, data: cells(() => 1 / CELL) },
      pn: { ...onRho, data: cells(() => 1 / CELL) },
      lon_rho: { ...onRho, data: cells((i) => -16.5 + (i - NX / 2) * degrees * 1.52) },
      lat_rho: { ...onRho, data: cells((_, j) => 49 + (j - NY / 2) * degrees) },
      s_rho: { dimensions: ["s_rho"], data: levels(0.5, NZ) },
      s_w: { dimensions: ["s_w"], data: levels(0, NZ + 1) },
      Cs_r: { dimensions: ["s_rho"], data: levels(0.5, NZ) },
      Cs_w: { dimensions: ["s_w"], data: levels(0, NZ + 1) },
      hc: { dimensions: ["one"], data: Float64Array.of(200) },
      Vtransform: { dimensions: ["one"], data: Float64Array.of(2) },
      u: {
        ...field("eta_rho", "xi_u"),
        data: new Float32Array(records * NZ * NY * (NX - 1)).fill(0.02),
      },
      v: { ...field("eta_v", "xi_rho"), data: new Float32Array(records * NZ * (NY - 1) * NX) },
    },
  });
}
