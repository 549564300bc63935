/** Points per second of fCO2 from DIC, alkalinity, temperature and salinity, on one core. */
import { makeRandom } from "../lib/core/index.js";
import { fugacityField } from "../lib/ocean/carbonate-field.js";

const n = 1_000_000;
const random = makeRandom(1);
function draw(low: number, high: number): Float64Array {
  return Float64Array.from({ length: n }, () => low + (high - low) * random.uniform());
}
const fields = {
  dic: draw(1850, 2250),
  alkalinity: draw(2200, 2450),
  temperature: draw(-1.8, 31),
  salinity: draw(30, 38),
};
for (let round = 0; round < 5; round++) {
  const before = process.cpuUsage();
  const { fco2 } = fugacityField(fields);
  const { user } = process.cpuUsage(before);
  console.log(
    `${(n / user).toFixed(2)}e6 points per second of CPU, fco2[0] ${fco2[0]!.toFixed(3)}`,
  );
}
