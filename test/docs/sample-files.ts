/** The files that samples of the documentation name: model output around PAP, and rounds of a loop. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNetcdf } from "carbonbook/io";

const [NX, NY, NZ] = [20, 16, 12];
const CELL = 20e3; // m
const DAY = 86400;

/** Put them into a folder. */
export async function writeSampleFiles(folder: string): Promise<void> {
  await writeModelOutput(join(folder, "croco_his.nc"), 0, 41);
  await writeModelOutput(join(folder, "his_0001.nc"), 0, 5);
  await writeModelOutput(join(folder, "his_0002.nc"), 5, 5);
  await writePublished(folder);
  writeFileSync(
    join(folder, "members.mjs"),
    "export const trainMember = ({ index, parameters }) => index + parameters.epochs;\n" +
      "export const scoreMember = ({ index, earlier }) => earlier.members[index] / 2;\n",
  );
}

/** One sample of the published tensors and two catchments, on maps of 8 × 8. */
async function writePublished(folder: string): Promise<void> {
  const made = (sizes: Record<string, number>) => ({
    dimensions: Object.keys(sizes),
    data: new Float32Array(Object.values(sizes).reduce((a, b) => a * b)).fill(1 / 64),
  });
  const images = { nb_case: 1, zdim: 68, xdim: 8, ydim: 8 };
  await writeNetcdf(join(folder, "images.nc"), {
    dimensions: images,
    variables: { images: made(images) },
  });
  const pdf = { nb_time_step: 1, zdim: 8, position: 1, xdim: 8, ydim: 8 };
  await writeNetcdf(join(folder, "pdf.nc"), {
    dimensions: pdf,
    variables: { pdf: made(pdf), pdf_filter: made(pdf) },
  });
  const maps = { time: 2, dx: 8, dy: 8 };
  await writeNetcdf(join(folder, "supermodel_ssh80_sst24_w100.nc"), {
    dimensions: maps,
    variables: {
      supermodel: made(maps),
      mid_date: { dimensions: ["time"], data: ["2000-01-06", "2000-01-16"] },
    },
  });
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
