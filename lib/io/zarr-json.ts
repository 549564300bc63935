/** Metadata of Zarr stores as Python writes them: its JSON has bare NaN and Infinity. */

const METADATA = /(^|\/)(\.z(array|attrs|group|metadata)|zarr\.json)$/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/** Put bare NaN and Infinity of a metadata document in quotes; leave other keys alone. */
export function quoteOddNumbers(key: string, bytes: Uint8Array | undefined) {
  if (bytes === undefined || !METADATA.test(key)) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (!/NaN|Infinity/.test(text)) return bytes;
  return Buffer.from(text.replace(TOKENS, (t) => (t.startsWith('"') ? t : `"${t}"`)));
}
