/** Pictures pixel by pixel. */

import { createCanvas, loadImage } from "@napi-rs/canvas";

/** How two pictures compare. */
export interface PictureComparison {
  /** root mean square difference over all pixels and the channels red, green, blue; 0 to 1 */
  readonly rms: number;
  /** share of pixels that differ at all, 0 to 1 */
  readonly share: number;
  /** PNG: white where equal, dark red where they differ most */
  readonly difference: Uint8Array;
}

/** Compare two PNGs; a smaller one counts as white beyond its edges. */
export async function comparePictures(
  expected: Uint8Array,
  actual: Uint8Array,
): Promise<PictureComparison> {
  const images = await Promise.all([expected, actual].map((png) => loadImage(Buffer.from(png))));
  const width = Math.max(...images.map((image) => image.width));
  const height = Math.max(...images.map((image) => image.height));
  const [a, b] = images.map((image) => {
    const context = createCanvas(width, height).getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, width, height).data;
  });
  const canvas = createCanvas(width, height);
  const shown = canvas.getContext("2d").createImageData(width, height);
  let [sum, differing] = [0, 0];
  for (let p = 0; p < 4 * width * height; p += 4) {
    const red = a![p]! - b![p]!;
    const green = a![p + 1]! - b![p + 1]!;
    const blue = a![p + 2]! - b![p + 2]!;
    const most = Math.max(Math.abs(red), Math.abs(green), Math.abs(blue));
    sum += red * red + green * green + blue * blue;
    if (most > 0) differing++;
    // the square root makes small differences visible
    const fade = 255 * (1 - Math.sqrt(most / 255));
    shown.data[p] = most > 0 ? Math.max(fade, 140) : 255;
    shown.data[p + 1] = fade;
    shown.data[p + 2] = fade;
    shown.data[p + 3] = 255;
  }
  canvas.getContext("2d").putImageData(shown, 0, 0);
  const pixels = width * height;
  return {
    rms: Math.sqrt(sum / (3 * pixels)) / 255,
    share: differing / pixels,
    difference: canvas.toBuffer("image/png"),
  };
}
