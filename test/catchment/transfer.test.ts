import { fieldsOf, type InputKind, SURFACE, startFrom } from "carbonbook/catchment";
import { makeRandom } from "carbonbook/core";
import { initialise, predictEnsemble, unet } from "carbonbook/learn";
import { expect, test } from "vitest";

const N = 8;
const PLANE = N * N;
const random = makeRandom(5);
const shape = { size: [N, N] as const, widths: [4, 8], kernel: 3 };
const layout = { ...SURFACE, pdfChannels: 2 };
const source = unet({ ...shape, channels: 22, maps: 2 });
const model = { network: source, weights: initialise(source, 3) };
const levels = [900, 200];
const noise = () => Float32Array.from({ length: PLANE }, () => random.normal());

async function predict(
  network: typeof source,
  weights: typeof model.weights,
  planes: Float32Array[],
): Promise<Float32Array> {
  const data = Float32Array.from(planes.flatMap((plane) => [...plane]));
  const x = { data, shape: [1, planes.length, N, N] };
  const options = { batchNorm: "running", normalise: "maps" } as const;
  return (await predictEnsemble([{ network, weights }], { x }, options)).median.data;
}

test.each([
  ["5V-1L", [0, 1, 2, 3, 4], 1],
  ["5V-4L", [0, 1, 2, 3, 4], 4],
  ["sst-ssh", [0, 4], 1],
] as const)(
  "%s starts as the surface network: where it sees the same it predicts the same",
  async (kind, seen, depths) => {
    const start = noise();
    const zero = new Float32Array(PLANE);
    const dates = [0, 1, 2, 3].map(() =>
      [0, 1, 2, 3, 4].map((quantity) =>
        (seen as readonly number[]).includes(quantity) ? noise() : zero,
      ),
    );
    const first = await predict(source, model.weights, [...dates.flat(), start, start]);
    const others = () => [0, 1, 2, 3, 4].map(noise);
    const fields = [others(), ...dates].flatMap((date) =>
      seen.flatMap((quantity) => [
        date[quantity]!,
        ...Array.from({ length: quantity === 4 ? 0 : depths - 1 }, noise),
      ]),
    );
    expect(fields.length).toBe(fieldsOf(kind as InputKind));
    const network = unet({ ...shape, channels: fields.length + 2, maps: 1 });
    const weights = startFrom({ model, layout, levels }, { network, kind, levels: [200] });
    const second = await predict(network, weights, [...fields, start, noise()]);
    for (const [k, p] of second.entries()) expect(p).toBeCloseTo(first[PLANE + k]!, 5);
  },
);

test("another kernel, or a level that the source lacks, is refused with the remedy", () => {
  const wide = unet({ ...shape, kernel: 5, channels: 27, maps: 1 });
  const from = { model, layout, levels };
  expect(() => startFrom(from, { network: wide, kind: "5V-1L", levels: [200] })).toThrow(
    /down1a.weight of shape \(4, 27, 5, 5\).*got \(4, 22, 3, 3\).*start from chance/,
  );
  const network = unet({ ...shape, channels: 27, maps: 1 });
  expect(() => startFrom(from, { network, kind: "5V-1L", levels: [500] })).toThrow("900, 200 m");
});
