/** Every valid test file, compared with what netCDF4-python, h5py and zarr-python read from it. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { open, type Variable } from "carbonbook/io";
import { describe, expect, test } from "vitest";

interface VariableFacts {
  readonly dims?: readonly string[];
  readonly shape: readonly number[];
  readonly type: string;
  readonly sha: string;
  readonly missing?: number;
  readonly sum?: number;
  readonly samples?: readonly (readonly [number, number | null])[];
}

interface FileFacts {
  readonly by: "netCDF4" | "h5py" | "zarr";
  readonly count: number;
  readonly dimensions?: Readonly<Record<string, readonly [number, boolean]>>;
  readonly variables: Readonly<Record<string, VariableFacts>>;
}

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";

/** Where the reference itself is wrong, or reads by another rule; each is tested elsewhere. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "Nordic_subset.nc:Cs_r": "its valid range is in unpacked units, netCDF4 takes it for packed ones",
  "Nordic_subset.nc:Cs_w": "its valid range is in unpacked units, netCDF4 takes it for packed ones",
  "f03tst_open_mem.nc:var2": "never written, never filled: netCDF-C returns what memory holds",
  "cve-2025-44904.h5:Scale_offset_float_data_le":
    "the damage took its filter away: HDF5 itself hands packed bytes over as numbers",
  "bad_missing_data.nc:temp": "shorter than its dimension: netCDF4 returns what memory holds",
  "ubyte.nc:sb2": '_Unsigned is "false": netCDF4 takes any text for true',
  "ref_nctest_64bit_offset.nc:bytev": "netCDF4 takes -127 for missing; bytes have no default fill",
  "ref_nctest_64bit_offset.nc:bytevar": "as bytev",
  "ref_nctest_64bit_offset.nc:zz": "as bytev",
  "ref_nctest_classic.nc:bytev": "as bytev",
  "ref_nctest_classic.nc:bytevar": "as bytev",
  "ref_nctest_classic.nc:zz": "as bytev",
  "nctest_netcdf4_classic.nc:bytev": "as bytev",
  "nctest_netcdf4_classic.nc:bytevar": "as bytev",
  "nctest_netcdf4_classic.nc:zz": "as bytev",
};

function readFacts(name: string): [string, FileFacts][] {
  const path = new URL(`../fixtures/io/reference-${name}.json`, import.meta.url);
  return Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<string, FileFacts>);
}

describe.each(readFacts("hostile"))("%s", (file, facts) => {
  test.skipIf(!existsSync(join(mirror, file)))("is refused or read as h5py does", async () => {
    const wrong: string[] = [];
    try {
      const ds = await open(join(mirror, file));
      for (const variable of ds.variables.values()) {
        const wanted = facts.variables[variable.name];
        if (wanted === undefined || `${basename(file)}:${variable.name}` in DIFFERENT) continue;
        const found = await factsOf(variable, wanted).catch((error) => {
          expect(error).toMatchObject({ tag: "data" });
          return wanted;
        });
        if (!agree(found, wanted)) wrong.push(variable.name);
      }
      ds.close();
    } catch (error) {
      expect(error).toMatchObject({ tag: "data" });
    }
    expect(wrong).toEqual([]);
  });
});

for (const name of ["fields", "soil", "formats", "zarr"]) {
  describe.each(readFacts(name))("%s", (file, facts) => {
    test.skipIf(!existsSync(join(mirror, file)))(`holds what ${facts.by} reads`, async () => {
      const ds = await open(join(mirror, file));
      const wrong: string[] = [];
      for (const [name, wanted] of Object.entries(facts.variables)) {
        if (`${basename(file)}:${name}` in DIFFERENT) continue;
        const found = await factsOf(ds.variables.get(name), wanted);
        if (!agree(found, wanted))
          wrong.push(`${name}: ${JSON.stringify(wanted)}, we: ${JSON.stringify(found)}`);
      }
      ds.close();
      expect(wrong).toEqual([]);
    });
  });
}

async function factsOf(
  variable: Variable | undefined,
  wanted: VariableFacts,
): Promise<VariableFacts | undefined> {
  if (variable === undefined) return undefined;
  const { dimensions, shape } = variable;
  const base = { dims: dimensions, shape };
  if (wanted.type === "text") {
    const { data } = await variable.readText();
    return { ...base, type: "text", sha: digest(Buffer.from(data.join("\n"))) };
  }
  const stored = (await variable.readStored()).data;
  const data = Float64Array.from((await variable.read()).data);
  const finite = data.filter((x) => Number.isFinite(x));
  return {
    ...base,
    type: variable.type,
    sha: digest(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)),
    missing: data.filter((x) => Number.isNaN(x)).length,
    sum: finite.reduce((a, b) => a + b, 0),
    samples: (wanted.samples ?? []).map(([i]) => [i, Number.isNaN(data[i]) ? null : data[i]!]),
  };
}

function agree(found: VariableFacts | undefined, wanted: VariableFacts): boolean {
  if (found === undefined || found.sha !== wanted.sha || found.type !== wanted.type) return false;
  if (`${found.shape}` !== `${wanted.shape}` || found.missing !== wanted.missing) return false;
  const names = wanted.dims?.some((d) => d.includes("phony")) === true ? undefined : wanted.dims;
  if (names !== undefined && `${found.dims}` !== `${names}`) return false;
  const scale = Math.max(1e-30, ...(wanted.samples ?? []).map(([, x]) => Math.abs(x ?? 0)));
  const near = (wanted.samples ?? []).every(([, x], i) => {
    const y = found.samples?.[i]?.[1];
    return x === null ? y === null : typeof y === "number" && Math.abs(x - y) <= 1e-6 * scale;
  });
  const size = Math.max(scale, Math.abs(wanted.sum ?? 0));
  return near && Math.abs((found.sum ?? 0) - (wanted.sum ?? 0)) <= 1e-5 * size;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
