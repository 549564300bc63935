// AssemblyScript: uneventful Runge–Kutta steps of one particle, four lanes at a time.
//
// A step is uneventful while every stage stays in the particle's layer and in the grid, the step
// ends in water, and no watched height is reached. `cruise` takes such steps and stops before the
// first one that is not; the rules for those are in advance.ts alone. Schemes whose stage i needs
// stage i − 1 only (Euler, midpoint, classical RK4) fit.
//
// A lane quadruple holds one point and its eastern neighbour, each at two instants:
// (west slot 0, west slot 1, east slot 0, east slot 1). One 16-byte load serves one row; u, v and ω
// take four rows each, ζ two, and (pm, pn, h, mask) come as quadruples of their own.
//
// Compiled into cruise-wasm.ts by scripts/make-kernel-lagrangian.mjs. Records: see kernel.ts.

// The window's record, in bytes.
const NX = 0, NY = 4, HC = 8, T0 = 16, RATE = 24, U = 32, V = 36, OMEGA = 40, ZETA = 44;
const METRIC = 48, TRANSFORM = 52, STAGES = 56, TABLEAU = 64;
// The particle's record, in bytes.
const X = 0, Y = 8, Q = 16, TIME = 24, DT = 32, SINKING = 40, ABOVE = 48, BELOW = 56, DS = 64;
const DC = 72, S_FLOOR = 80, C_FLOOR = 88, LAYER = 96;

// @ts-ignore: decorator
@inline
function rows(south: usize, row: usize, wSouth: v128, wNorth: v128): v128 {
  return f32x4.add(
    f32x4.mul(v128.load(south), wSouth),
    f32x4.mul(v128.load(south + row), wNorth),
  );
}

// @ts-ignore: decorator
@inline
function sum(v: v128): f64 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return <f64>(f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1));
}

/** Two levels of four rows: weights below · (south, north) + above · (south, north). */
// @ts-ignore: decorator
@inline
function levels(at: usize, row: usize, layer: usize, above: f32, north: f32): v128 {
  const below: f32 = 1 - above;
  const south: f32 = 1 - north;
  return f32x4.add(
    rows(at, row, f32x4.splat(below * south), f32x4.splat(below * north)),
    rows(at + layer, row, f32x4.splat(above * south), f32x4.splat(above * north)),
  );
}

/** Take up to `steps` steps; returns how many, with the place after them in the record. */
export function cruise(w: usize, p: usize, steps: i32): i32 {
  const nx = load<i32>(w, NX);
  const hc = load<f64>(w, HC);
  const t0 = load<f64>(w, T0);
  const rate = load<f64>(w, RATE);
  const row: usize = nx << 3;
  const layerSize = row * <usize>load<i32>(w, NY);
  const skip = <usize>load<i32>(p, LAYER) * layerSize;
  const uBase = <usize>load<u32>(w, U) + skip;
  const vBase = <usize>load<u32>(w, V) + skip;
  const omegaBase = <usize>load<u32>(w, OMEGA) + skip;
  const zetaBase = <usize>load<u32>(w, ZETA);
  const metricBase = <usize>load<u32>(w, METRIC);
  const stages = load<i32>(w, STAGES);
  const xLast = <f64>nx - 1.5;
  const yLast = <f64>load<i32>(w, NY) - 1.5;
  const hcPlus: f64 = load<i32>(w, TRANSFORM) == 2 ? hc : 0;
  const hcMinus: f64 = hc - hcPlus;
  const dt = load<f64>(p, DT);
  const start = load<f64>(p, TIME);
  const sinking = load<f64>(p, SINKING);
  const above = load<f64>(p, ABOVE);
  const below = load<f64>(p, BELOW);
  const ds = load<f64>(p, DS);
  const dc = load<f64>(p, DC);
  let x = load<f64>(p, X), y = load<f64>(p, Y), q = load<f64>(p, Q);
  let oldX = x, oldY = y, oldQ = q;
  let n = 0;
  for (; ; n++) {
    const t = start + <f64>n * dt;
    let kx: f64 = 0, ky: f64 = 0, kq: f64 = 0;
    let sx: f64 = 0, sy: f64 = 0, sq: f64 = 0;
    let event = false;
    let tableau = w + TABLEAU;
    for (let stage = 0; stage < stages; stage++, tableau += 24) {
      const a = load<f64>(tableau);
      const px = x + a * kx, py = y + a * ky, pq = q + a * kq;
      if (!(px >= 0.5 && px <= xLast && py >= 0.5 && py <= yLast && pq >= 0 && pq <= 1)) {
        event = true;
        break;
      }
      const i = <i32>px, j = <i32>py, iFace = <i32>(px - 0.5), jFace = <i32>(py - 0.5);
      const east = <f32>(px - <f64>i), north = <f32>(py - <f64>j);
      const eastFace = <f32>(px - 0.5 - <f64>iFace), northFace = <f32>(py - 0.5 - <f64>jFace);
      const f = <f32>((t + load<f64>(tableau, 16) * dt - t0) * rate);
      const time = v128.shuffle<f32>(f32x4.splat(1 - f), f32x4.splat(f), 0, 4, 0, 4);
      const west4 = f32x4.splat(1 - east), east4 = f32x4.splat(east);
      const south4 = f32x4.splat(1 - north), north4 = f32x4.splat(north);
      const weights = f32x4.mul(time, v128.shuffle<f32>(west4, east4, 0, 0, 4, 4));
      const cell = <usize>(j * nx + i);
      const zeta = sum(f32x4.mul(weights, rows(zetaBase + (cell << 3), row, south4, north4)));
      const at = metricBase + (cell << 4);
      const metric = f32x4.add(
        f32x4.mul(rows(at, row << 1, south4, north4), west4),
        f32x4.mul(rows(at + 16, row << 1, south4, north4), east4),
      );
      const h = <f64>f32x4.extract_lane(metric, 2);
      if (stage == 0) {
        const s = load<f64>(p, S_FLOOR) + q * ds, c = load<f64>(p, C_FLOOR) + q * dc;
        const z = zeta + ((zeta + h) / (h + hcPlus)) * (hc * s + (h - hcMinus) * c);
        if (n > 0 && (z >= above || z <= below)) {
          x = oldX; y = oldY; q = oldQ;
          n--;
          event = true;
          break;
        }
        if (n == steps) {
          event = true;
          break;
        }
      }
      const upper = i32(pq >= 0.5);
      const rho = <f32>(pq + 0.5 - <f64>upper);
      const lift = <usize>upper * layerSize;
      const weightsFace = f32x4.mul(
        time,
        v128.shuffle<f32>(f32x4.splat(1 - eastFace), f32x4.splat(eastFace), 0, 0, 4, 4),
      );
      const uAt = uBase + lift + (<usize>(j * nx + iFace) << 3);
      const vAt = vBase + lift + (<usize>(jFace * nx + i) << 3);
      const u = sum(f32x4.mul(weightsFace, levels(uAt, row, layerSize, rho, north)));
      const v = sum(f32x4.mul(weights, levels(vAt, row, layerSize, rho, northFace)));
      const omegaAt = omegaBase + (cell << 3);
      const omega = sum(f32x4.mul(weights, levels(omegaAt, row, layerSize, <f32>pq, north)));
      const thickness = ((zeta + h) * (hc * ds + (h - hcMinus) * dc)) / (h + hcPlus);
      const b = load<f64>(tableau, 8);
      kx = dt * u * <f64>f32x4.extract_lane(metric, 0);
      ky = dt * v * <f64>f32x4.extract_lane(metric, 1);
      kq = (dt * (omega - sinking)) / thickness;
      sx += b * kx;
      sy += b * ky;
      sq += b * kq;
    }
    if (event) break;
    const newX = x + sx, newY = y + sy, newQ = q + sq;
    if (!(newX >= 0.5 && newX <= xLast && newY >= 0.5 && newY <= yLast)) break;
    if (!(newQ >= 0 && newQ <= 1)) break;
    const landing = <usize>(<i32>(newY + 0.5) * nx + <i32>(newX + 0.5));
    if (load<f32>(metricBase + (landing << 4), 12) == 0) break;
    oldX = x; oldY = y; oldQ = q;
    x = newX; y = newY; q = newQ;
  }
  store<f64>(p, x, X);
  store<f64>(p, y, Y);
  store<f64>(p, q, Q);
  return n;
}
