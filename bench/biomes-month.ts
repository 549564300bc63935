/** One month of local regressions: 16,200 tiles of 2°, a million cells of 0.25°. CPU and wall seconds. */
import { fitRelations, makeBiomeTwin, tileCells, tileGrid } from "../lib/biomes/index.js";

const twin = makeBiomeTwin({ seed: 1 });
const month = twin.month(0, 0);
// the twin's sea is 0.7 M cells; repeated over the globe's 16,200 tiles it is a million
const n = 1440 * 720;
const fill = (values: Float64Array) =>
  Float64Array.from({ length: n }, (_, i) => values[i % values.length]!);
const latitude = Float64Array.from({ length: n }, (_, i) => -89.875 + 0.25 * Math.floor(i / 1440));
const longitude = Float64Array.from({ length: n }, (_, i) => -179.875 + 0.25 * (i % 1440));
const tiles = tileCells(latitude, longitude, tileGrid(2));
const globe = {
  temperature: fill(month.temperature),
  dic: fill(month.dic),
  alkalinity: fill(month.alkalinity),
  fco2: fill(month.fco2),
};
for (let round = 0; round < 5; round++) {
  const before = process.cpuUsage();
  const start = performance.now();
  const { counts } = fitRelations(tiles, globe);
  const { user, system } = process.cpuUsage(before);
  const fitted = counts.kept + counts["not significant"];
  const wall = (performance.now() - start) / 1000;
  console.log(
    `${n} cells, ${fitted} tiles: ${((user + system) / 1e6).toFixed(2)} s CPU, ${wall.toFixed(2)} s wall`,
  );
}
