/**
 * Three axes seen from one side: an orthographic camera over a box, the same that Plotly draws, so
 * that the still picture and the turning one show the same view.
 */

/** A place or direction with three coordinates. */
export type Triple = readonly [number, number, number];

/** Where a scene is looked at from. */
export interface Camera {
  /** direction of the viewer around the vertical [degrees], 0 from positive x, 90 from positive y */
  readonly azimuth: number;
  /** height of the viewer over the horizon [degrees] */
  readonly elevation: number;
}

/** A camera over a box whose sides have these lengths and whose middle is the origin. */
export interface View {
  /** screen position of a place in the box; y downwards, in lengths of the box */
  readonly project: (place: Triple) => readonly [x: number, y: number];
  /** how near a place is to the viewer; larger is nearer */
  readonly nearness: (place: Triple) => number;
  /** unit vector from the origin to the viewer */
  readonly eye: Triple;
}

/** Point a camera at the origin, z upwards. */
export function makeView({ azimuth, elevation }: Camera): View {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const eye: Triple = [Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)];
  const right: Triple = [-Math.sin(a), Math.cos(a), 0];
  const up: Triple = [-Math.sin(e) * Math.cos(a), -Math.sin(e) * Math.sin(a), Math.cos(e)];
  return {
    eye,
    project: (place) => [dot(right, place), -dot(up, place)],
    nearness: (place) => dot(eye, place),
  };
}

/** Round marks along an axis: steps of 1, 2 or 5 times a power of ten, at most `most` of them. */
export function roundTicks([low, high]: readonly [number, number], most = 6): number[] {
  const [from, to] = low < high ? [low, high] : [high, low];
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => s >= rough * 0.999) ?? 10 * power;
  const ticks: number[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + 1e-9 * step; n++) {
    ticks.push(Number((n * step).toPrecision(12)));
  }
  return ticks;
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
