/** Explicit Runge–Kutta schemes as Butcher tableaux. */

/** A scheme: stage i is taken at t + c[i] dt, from a[i] · k; the step is b · k. */
export interface Tableau {
  readonly name: string;
  readonly order: number;
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  /** b of the embedded solution whose difference from b estimates the error */
  readonly embedded?: readonly number[];
}

/** Explicit Euler. */
export const EULER: Tableau = { name: "Euler", order: 1, a: [[]], b: [1], c: [0] };

/** Midpoint rule. */
export const RK2: Tableau = { name: "RK2", order: 2, a: [[], [1 / 2]], b: [0, 1], c: [0, 1 / 2] };

/** Kutta's classical scheme. */
export const RK4: Tableau = {
  name: "RK4",
  order: 4,
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  c: [0, 1 / 2, 1 / 2, 1],
};

/**
 * Dormand and Prince's pair: 5th order, with a 4th order solution for the error.
 *
 * @see Dormand & Prince (1980), J. Comput. Appl. Math. 6, 19–26
 */
export const RK45: Tableau = {
  name: "RK45",
  order: 5,
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  embedded: [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40],
};
