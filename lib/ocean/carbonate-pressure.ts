/**
 * Pressure corrections of the carbonate system's constants (Millero 1995, with the corrections
 * listed by Lewis & Wallace 1998). They are made on the seawater scale, and the scales are joined
 * with the corrected KS and KF.
 */

import { ZERO_CELSIUS } from "../core/index.js";
import { type Equilibrium, seawaterToTotal } from "./carbonate-equilibrium.js";

/** Gas constant of the pressure corrections [cm³ bar K⁻¹ mol⁻¹] (CODATA 2018). */
export const R_BAR = 83.14462618;

/** Volume and compressibility changes of each reaction: a0 + a1 t + a2 t² [cm³ mol⁻¹], b0 + b1 t [cm³ mol⁻¹ bar⁻¹]. */
const PRESSURE = {
  k1: [-25.5, 0.1271, 0, -3.08e-3, 8.77e-5],
  k2: [-15.82, -0.0219, 0, 1.13e-3, -1.475e-4],
  kb: [-29.48, 0.1622, -2.608e-3, -2.84e-3, 0],
  kw: [-20.02, 0.1119, -1.409e-3, -5.13e-3, 7.94e-5],
  ks: [-18.03, 0.0466, 3.16e-4, -4.53e-3, 9e-5],
  kf: [-9.78, -0.009, -9.42e-4, -3.91e-3, 5.4e-5],
  kp1: [-14.51, 0.1211, -3.21e-4, -2.67e-3, 4.27e-5],
  kp2: [-23.12, 0.1758, -2.647e-3, -5.15e-3, 9e-5],
  kp3: [-26.57, 0.202, -3.042e-3, -4.08e-3, 7.14e-5],
  ksi: [-29.48, 0.1622, -2.608e-3, -2.84e-3, 0],
  kNh3: [-26.43, 0.0889, -9.05e-4, -5.03e-3, 8.14e-5],
  kH2s: [-11.07, -0.009, -9.42e-4, -2.89e-3, 5.4e-5],
  kCalcite: [-48.76, 0.5304, 0, -1.176e-2, 3.692e-4],
  kAragonite: [-45.96, 0.5304, 0, -1.176e-2, 3.692e-4],
} as const;

type Acid = keyof typeof PRESSURE;

const ACIDS_ON_COMMON_SCALE = [
  "k1",
  "k2",
  "kb",
  "kw",
  "kp1",
  "kp2",
  "kp3",
  "ksi",
  "kNh3",
  "kH2s",
] as const;

/** Bring surface constants to depth. `pressureBar` is the pressure of the water alone [bar]. */
export function correctForPressure(k: Equilibrium, celsius: number, pressureBar: number): void {
  const surfaceToTotal = seawaterToTotal(k);
  k.ks *= pressureFactor("ks", celsius, pressureBar);
  k.kf *= pressureFactor("kf", celsius, pressureBar);
  const scale = seawaterToTotal(k) / surfaceToTotal;
  for (const acid of ACIDS_ON_COMMON_SCALE) {
    k[acid] *= pressureFactor(acid, celsius, pressureBar) * scale;
  }
  k.kCalcite *= pressureFactor("kCalcite", celsius, pressureBar);
  k.kAragonite *= pressureFactor("kAragonite", celsius, pressureBar);
}

function pressureFactor(acid: Acid, t: number, p: number): number {
  const [a0, a1, a2, b0, b1] = PRESSURE[acid];
  const volume = a0 + a1 * t + a2 * t * t;
  const compressibility = b0 + b1 * t;
  return Math.exp(((-volume + 0.5 * compressibility * p) * p) / (R_BAR * (t + ZERO_CELSIUS)));
}
