// AssemblyScript: uneventful Runge–Kutta steps of one particle.
//
// A step is uneventful while every stage stays in the particle's layer and in the grid, the step
// ends in water, and no watched height is reached. `cruise` takes such steps and stops before the
// first one that is not; the rules for those are in advance.ts alone. Schemes whose stage i needs
// stage i − 1 only (Euler, midpoint, classical RK4) fit.
//
// A particle stays in one half cell for tens of steps: u, v, ω and ζ there are polynomials in
// (x, y, z, t), linear in each, and are kept as such: 16 coefficients, the four quantities in the
// four lanes, each with its own origin (staggering). A stage is then 15 multiply-adds for all of
// them, without a look into the fields. `build` makes the polynomials when a stage enters another
// half cell.
//
// Compiled into cruise-wasm.ts by scripts/make-kernels.mjs. Records: see kernel.ts.

// The window's record, in bytes.
const NX = 0, NY = 4, HC = 8, T0 = 16, RATE = 24, U = 32, V = 36, OMEGA = 40, ZETA = 44;
const METRIC = 48, TRANSFORM = 52, STAGES = 56, TABLEAU = 64;
// The particle's record, in bytes: what it is given,
const X = 0, Y = 8, Q = 16, TIME = 24, DT = 32, SINKING = 40, ABOVE = 48, BELOW = 56, DS = 64;
const DC = 72, S_FLOOR = 80, C_FLOOR = 88, LAYER = 96;
// Δs and ΔC of the layers below and above,
const DS_BELOW = 528, DC_BELOW = 536, DS_ABOVE = 544, DC_ABOVE = 552;
// and the half cell it is in: its cell and low corner, the four lanes' own coordinates as shifts
// (and one scale) of the particle's, coefficients of (pm, pn, h, mask) as [y][x], and of
// (u, v, ω, ζ) as [y][z][x][t].
const CELL_X = 112, CELL_Y = 120, LOW_X = 128, LOW_Y = 136, LOW_Q = 144;
const SHIFT_X = 160, SHIFT_Y = 176, SHIFT_Z = 192, FLAT = 208, SOLID = 272, SCALE_Z = 560;

// @ts-ignore: decorator
@inline
function pointer(at: usize): usize {
  return <usize>load<u32>(at);
}

/** a + x b in every lane. */
// @ts-ignore: decorator
@inline
function mad(a: v128, x: v128, b: v128): v128 {
  return f32x4.add(a, f32x4.mul(x, b));
}

/**
 * Store coefficients [x][t] of four fields, each given as (west slot 0, west slot 1, east slot 0,
 * east slot 1), with the fields in the lanes.
 */
// @ts-ignore: decorator
@inline
function storeRow(to: usize, u: v128, v: v128, omega: v128, zeta: v128): void {
  const uvWest = v128.shuffle<f32>(u, v, 0, 4, 1, 5), uvEast = v128.shuffle<f32>(u, v, 2, 6, 3, 7);
  const ozWest = v128.shuffle<f32>(omega, zeta, 0, 4, 1, 5);
  const ozEast = v128.shuffle<f32>(omega, zeta, 2, 6, 3, 7);
  const west = v128.shuffle<f32>(uvWest, ozWest, 0, 1, 4, 5);
  const east = v128.shuffle<f32>(uvEast, ozEast, 0, 1, 4, 5);
  const westRate = f32x4.sub(v128.shuffle<f32>(uvWest, ozWest, 2, 3, 6, 7), west);
  const eastRate = f32x4.sub(v128.shuffle<f32>(uvEast, ozEast, 2, 3, 6, 7), east);
  v128.store(to, west);
  v128.store(to, westRate, 16);
  v128.store(to, f32x4.sub(east, west), 32);
  v128.store(to, f32x4.sub(eastRate, westRate), 48);
}

/** Replace the four coefficients at `high` by their difference from those at `low`. */
// @ts-ignore: decorator
@inline
function subtractRow(low: usize, high: usize): void {
  for (let m: usize = 0; m < 64; m += 16) {
    v128.store(high + m, f32x4.sub(v128.load(high + m), v128.load(low + m)));
  }
}

/** Make the polynomials of the half cell around a place; false if it is outside grid or layer. */
function build(w: usize, p: usize, px: f64, py: f64, pq: f64): bool {
  const nx = load<i32>(w, NX), ny = load<i32>(w, NY);
  if (!(px >= 0.5 && px <= <f64>nx - 1.5 && py >= 0.5 && py <= <f64>ny - 1.5)) return false;
  if (!(pq >= 0 && pq <= 1)) return false;
  const i = <i32>px, j = <i32>py;
  const east = px - <f64>i >= 0.5, north = py - <f64>j >= 0.5, upper = pq >= 0.5;
  const row: usize = nx << 3, layer = row * ny;
  const floor = <usize>load<i32>(p, LAYER) * layer;
  const rho = floor + (upper ? layer : 0);
  const cell = <usize>(j * nx + i);
  const uAt = pointer(w + U) + rho + ((cell - (east ? 0 : 1)) << 3);
  const vAt = pointer(w + V) + rho + ((cell - (north ? 0 : nx)) << 3);
  const oAt = pointer(w + OMEGA) + floor + (cell << 3);
  const zAt = pointer(w + ZETA) + (cell << 3);
  const low = v128.load(zAt), high = v128.load(zAt + row);
  const up = layer + row, to = p + SOLID;
  storeRow(to, v128.load(uAt), v128.load(vAt), v128.load(oAt), low);
  storeRow(to + 64, v128.load(uAt + layer), v128.load(vAt + layer), v128.load(oAt + layer), low);
  storeRow(to + 128, v128.load(uAt + row), v128.load(vAt + row), v128.load(oAt + row), high);
  storeRow(to + 192, v128.load(uAt + up), v128.load(vAt + up), v128.load(oAt + up), high);
  subtractRow(to, to + 64);
  subtractRow(to + 128, to + 192);
  subtractRow(to, to + 128);
  subtractRow(to + 64, to + 192);
  const mAt = pointer(w + METRIC) + (cell << 4);
  const south = v128.load(mAt), southRate = f32x4.sub(v128.load(mAt, 16), south);
  const over = v128.load(mAt + (row << 1));
  const overRate = f32x4.sub(v128.load(mAt + (row << 1), 16), over);
  v128.store(p, south, FLAT);
  v128.store(p, southRate, FLAT + 16);
  v128.store(p, f32x4.sub(over, south), FLAT + 32);
  v128.store(p, f32x4.sub(overRate, southRate), FLAT + 48);
  const shiftX: f32 = east ? -0.5 : 0.5, shiftY: f32 = north ? -0.5 : 0.5;
  v128.store(p, f32x4.replace_lane(f32x4.splat(0), 0, shiftX), SHIFT_X);
  v128.store(p, f32x4.replace_lane(f32x4.splat(0), 1, shiftY), SHIFT_Y);
  // u and v are linear in height between the middles of layers: r = (q − ½) 2H / (H + H'), plus 1
  // where the lower middle is the one of the layer below; thicknesses in the middle of the cell.
  const corners = f32x4.add(
    f32x4.add(south, v128.load(mAt, 16)),
    f32x4.add(over, v128.load(mAt + (row << 1), 16)),
  );
  const hc = load<f64>(w, HC);
  const hB: f64 = 0.25 * <f64>f32x4.extract_lane(corners, 2) - (load<i32>(w, TRANSFORM) == 2 ? 0 : hc);
  const here = hc * load<f64>(p, DS) + hB * load<f64>(p, DC);
  const there = upper
    ? hc * load<f64>(p, DS_ABOVE) + hB * load<f64>(p, DC_ABOVE)
    : hc * load<f64>(p, DS_BELOW) + hB * load<f64>(p, DC_BELOW);
  const scale = (2 * here) / (here + there);
  const shift: f64 = (upper ? 0 : 1) - 0.5 * scale;
  const scales = f32x4.replace_lane(f32x4.splat(1), 0, <f32>scale);
  const shifts = f32x4.replace_lane(f32x4.splat(0), 0, <f32>shift);
  v128.store(p, f32x4.replace_lane(scales, 1, <f32>scale), SCALE_Z);
  v128.store(p, f32x4.replace_lane(shifts, 1, <f32>shift), SHIFT_Z);
  store<f64>(p, <f64>i, CELL_X);
  store<f64>(p, <f64>j, CELL_Y);
  store<f64>(p, east ? 0.5 : 0, LOW_X);
  store<f64>(p, north ? 0.5 : 0, LOW_Y);
  store<f64>(p, upper ? 0.5 : 0, LOW_Q);
  return true;
}

/** (pm, pn, h, mask) at a place in the cell. */
// @ts-ignore: decorator
@inline
function flatAt(p: usize, x: v128, y: v128): v128 {
  const south = mad(v128.load(p, FLAT), x, v128.load(p, FLAT + 16));
  return mad(south, y, mad(v128.load(p, FLAT + 32), x, v128.load(p, FLAT + 48)));
}

/** The four coefficients at `c`, [x][t], at x and t. */
// @ts-ignore: decorator
@inline
function rowAt(c: usize, x: v128, t: v128): v128 {
  const value = mad(v128.load(c), t, v128.load(c, 16));
  return mad(value, x, mad(v128.load(c, 32), t, v128.load(c, 48)));
}

/** (u, v, ω, ζ) at a place in the half cell. */
// @ts-ignore: decorator
@inline
function solidAt(p: usize, x: v128, y: v128, z: v128, t: v128): v128 {
  const c = p + SOLID;
  const south = mad(rowAt(c, x, t), z, rowAt(c + 64, x, t));
  return mad(south, y, mad(rowAt(c + 128, x, t), z, rowAt(c + 192, x, t)));
}

/** Take up to `steps` steps; returns how many, with the place after them in the record. */
export function cruise(w: usize, p: usize, steps: i32): i32 {
  const nx = load<i32>(w, NX);
  const xLast = <f64>nx - 1.5, yLast = <f64>load<i32>(w, NY) - 1.5;
  const stages = load<i32>(w, STAGES);
  const hc = load<f64>(w, HC);
  const hcPlus: f64 = load<i32>(w, TRANSFORM) == 2 ? hc : 0;
  const hcMinus: f64 = hc - hcPlus;
  const dt = load<f64>(p, DT);
  const dtShare = dt * load<f64>(w, RATE);
  const start = (load<f64>(p, TIME) - load<f64>(w, T0)) * load<f64>(w, RATE);
  const sinking = load<f64>(p, SINKING);
  const above = load<f64>(p, ABOVE), below = load<f64>(p, BELOW);
  const ds = load<f64>(p, DS), dc = load<f64>(p, DC);
  let x = load<f64>(p, X), y = load<f64>(p, Y), q = load<f64>(p, Q);
  let oldX = x, oldY = y, oldQ = q;
  // No place is in a half cell that begins at 2: the first stage builds its own.
  let cellX: f64 = 0, cellY: f64 = 0, lowX: f64 = 2, lowY: f64 = 0, lowQ: f64 = 0;
  let n = 0;
  for (; ; n++) {
    const share = start + <f64>n * dtShare;
    let kx: f64 = 0, ky: f64 = 0, kq: f64 = 0;
    let sumX: f64 = 0, sumY: f64 = 0, sumQ: f64 = 0;
    let event = false;
    let tableau = w + TABLEAU;
    for (let stage = 0; stage < stages; stage++, tableau += 24) {
      const a = load<f64>(tableau), b = load<f64>(tableau, 8), c = load<f64>(tableau, 16);
      const px = x + a * kx, py = y + a * ky, pq = q + a * kq;
      let inX = px - cellX, inY = py - cellY;
      if (
        !(inX >= lowX && inX < lowX + 0.5 && inY >= lowY && inY < lowY + 0.5) ||
        !(pq >= lowQ && pq < lowQ + 0.5)
      ) {
        if (!build(w, p, px, py, pq)) {
          event = true;
          break;
        }
        cellX = load<f64>(p, CELL_X);
        cellY = load<f64>(p, CELL_Y);
        lowX = load<f64>(p, LOW_X);
        lowY = load<f64>(p, LOW_Y);
        lowQ = load<f64>(p, LOW_Q);
        inX = px - cellX;
        inY = py - cellY;
      }
      const x4 = f32x4.splat(<f32>inX), y4 = f32x4.splat(<f32>inY), q4 = f32x4.splat(<f32>pq);
      const flat = flatAt(p, x4, y4);
      const solid = solidAt(
        p,
        f32x4.add(x4, v128.load(p, SHIFT_X)),
        f32x4.add(y4, v128.load(p, SHIFT_Y)),
        mad(v128.load(p, SHIFT_Z), q4, v128.load(p, SCALE_Z)),
        f32x4.splat(<f32>(share + c * dtShare)),
      );
      const h = <f64>f32x4.extract_lane(flat, 2), zeta = <f64>f32x4.extract_lane(solid, 3);
      if (stage == 0) {
        const s = load<f64>(p, S_FLOOR) + q * ds, cs = load<f64>(p, C_FLOOR) + q * dc;
        const z = zeta + ((zeta + h) / (h + hcPlus)) * (hc * s + (h - hcMinus) * cs);
        if (n > 0 && (z >= above || z <= below)) {
          x = oldX;
          y = oldY;
          q = oldQ;
          n--;
          event = true;
          break;
        }
        if (n == steps) {
          event = true;
          break;
        }
      }
      const rates = f64x2.promote_low_f32x4(f32x4.mul(solid, flat));
      const rise = dt * (<f64>f32x4.extract_lane(solid, 2) - sinking);
      kx = dt * f64x2.extract_lane(rates, 0);
      ky = dt * f64x2.extract_lane(rates, 1);
      kq = (rise * (h + hcPlus)) / ((zeta + h) * (hc * ds + (h - hcMinus) * dc));
      sumX += b * kx;
      sumY += b * ky;
      sumQ += b * kq;
    }
    if (event) break;
    const newX = x + sumX, newY = y + sumY, newQ = q + sumQ;
    if (!(newX >= 0.5 && newX <= xLast && newY >= 0.5 && newY <= yLast)) break;
    if (!(newQ >= 0 && newQ <= 1)) break;
    const landing = <usize>(<i32>(newY + 0.5) * nx + <i32>(newX + 0.5));
    if (load<f32>(pointer(w + METRIC) + (landing << 4), 12) == 0) break;
    oldX = x;
    oldY = y;
    oldQ = q;
    x = newX;
    y = newY;
    q = newQ;
  }
  store<f64>(p, x, X);
  store<f64>(p, y, Y);
  store<f64>(p, q, Q);
  return n;
}
