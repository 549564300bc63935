/**
 * The two oceans of a study: one to train in, an independent one to judge by. Twins are made where
 * nobody brings model output; ROMS and CROCO files take their place and go through the same code.
 */

import { ArgumentError } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import {
  makeTwin,
  makeTwinOcean,
  type Ocean,
  openOcean,
  openTwin,
  positionOf,
  TWIN_SIZES,
  type TwinOptions,
  type TwinProfile,
  turnOf,
  twinOfTask,
} from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import { trapLattice } from "./experiment.js";
import { measureProfile, type OceanProfile } from "./oceanprofile.js";

/** Size of a study: of a twin, or the papers' own, for which there is no twin. */
export type StudySize = keyof typeof TWIN_SIZES | "paper";

/** Which oceans. */
export interface StudyOceansOptions extends Pick<TwinOptions, "folder" | "onProgress" | "signal"> {
  /** of the twins; "paper" needs files */
  readonly size: StudySize;
  /**
   * files of model output, of the run to train in and of the run to judge by, each in order of time;
   * none makes twins
   */
  readonly files?: readonly (readonly string[])[];
}

/** Two oceans of a study. */
export interface StudyOceans {
  readonly oceans: readonly [Ocean, Ocean];
  /** what they are, for figures */
  readonly label: string;
  /** names of the runs with their energies by depth */
  readonly profiles: readonly { readonly name: string; readonly profile: OceanProfile }[];
}

/** Side of the twin's square, and distance of the papers' traps [m]. */
const SQUARE = 1024e3;
const APART = 36e3;

/** Images and energies reach this far from a trap [m]. */
const REACH = 400e3;

/**
 * Open a study's oceans.
 *
 * @throws {ArgumentError} if files are given, but not those of two runs, or none at the papers' size
 * @throws as `makeTwinOcean` or `openOcean`
 */
export async function openStudyOceans(options: StudyOceansOptions): Promise<StudyOceans> {
  const { files = [] } = options;
  if (files.length === 0) return openTwins({ ...options, size: sizeOfTwin(options.size) });
  if (files.length === 2 && files.every((run) => run.length > 0)) return openFiles(files);
  throw new ArgumentError({
    what: "files of model output",
    wanted: "those of two runs, each at least one file",
    got: `${files.length} runs of ${files.map((run) => run.length).join(" and ")} files`,
    remedy: "split one long run in two that are months apart",
  });
}

type TwinName = keyof typeof TWIN_SIZES;

/**
 * The size of the twins that stand for model output.
 *
 * @throws {ArgumentError} at the papers' size, which only model output has
 */
export function sizeOfTwin(size: StudySize): TwinName {
  if (size !== "paper") return size;
  throw new ArgumentError({
    what: "oceanFiles",
    wanted: "files of two runs of a model: no twin is as large as the papers' ocean",
    got: "none",
    remedy: "name them (docs/howto/own-model-output.md), or take --profile workshop",
  });
}

async function openTwins(
  options: Omit<StudyOceansOptions, "size"> & { readonly size: TwinName },
): Promise<StudyOceans> {
  const { size, folder, onProgress, signal } = options;
  const runs = await makeTwinOcean({
    ...{ size, folder, seeds: [1, 2] },
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const dx = SQUARE / TWIN_SIZES[size].n;
  const [first, second] = await Promise.all(runs.map(({ path }) => openTwinOfStudy(path, size)));
  return {
    oceans: [first!, second!],
    label: `twin (synthetic): quasi-geostrophic ocean, ${dx / 1000} km`,
    profiles: runs.map(({ seed, profile }) => ({ name: `twin run ${seed}`, profile })),
  };
}

function openTwinOfStudy(path: string, size: TwinName): Promise<Ocean> {
  const margin = Math.ceil(REACH / (SQUARE / TWIN_SIZES[size].n)) + 1;
  return openTwin(path, { margin });
}

/**
 * Round i of a loop: make the twin of seed i + 1, unless model output takes its place.
 *
 * @param input its parameters have `size` and perhaps `oceanFiles`
 * @returns the twin's profile, or null where there is no twin to make
 * @throws {ArgumentError} at the papers' size without files of model output
 */
export async function makeStudyOcean(input: TaskInput): Promise<TwinProfile | null> {
  const { size, oceanFiles = [] } = oceansOf(input);
  if (oceanFiles.length > 0) return null;
  sizeOfTwin(size);
  return makeTwin(input);
}

/**
 * The first ocean alone, which networks are trained in, for the round of a loop.
 *
 * @param input its parameters have `size` and perhaps `oceanFiles`
 * @throws as `twinOfTask` or `openOcean`
 */
export async function openTrainingOcean(input: TaskInput): Promise<Ocean> {
  const { size, oceanFiles = [] } = oceansOf(input);
  if (oceanFiles.length > 0) return openOcean(oceanFiles[0]!);
  const twin = sizeOfTwin(size);
  return openTwinOfStudy(await twinOfTask(input, 1), twin);
}

/** What a loop's parameters say of the oceans. */
function oceansOf({ parameters }: TaskInput) {
  return parameters as {
    readonly size: StudySize;
    readonly oceanFiles?: readonly (readonly string[])[];
  };
}

async function openFiles(files: readonly (readonly string[])[]): Promise<StudyOceans> {
  const oceans = [await openOcean(files[0]!), await openOcean(files[1]!)] as const;
  const [{ grid }] = oceans;
  const cell = (1 / grid.pm[0]! / 1000).toPrecision(2);
  const turn = Math.round(turnOf(grid, (grid.nx - 1) / 2, (grid.ny - 1) / 2));
  const profiles = await Promise.all(
    oceans.map(async (ocean, run) => ({
      name: `run ${run + 1}`,
      profile: await measureProfile(ocean),
    })),
  );
  return {
    oceans,
    label: `file ${oceans[0].name} and file ${oceans[1].name}: model output, ${Number(cell)} km${turn === 0 ? "" : `, axes turned by ${turn}°`}`,
    profiles,
  };
}

/** A square lattice of traps of a study. */
export interface StudyLattice {
  /** traps along each side */
  readonly across: number;
  /** [m] */
  readonly depth: number;
  /** distance of the traps [m]: over the twin's whole square, or the papers' 36 km in model output, by default */
  readonly spacing?: number;
  /** middle: longitude and latitude [degrees] or metres on the plane, as the grid has it; its middle by default */
  readonly centre?: readonly number[] | undefined;
}

/**
 * The traps of a study.
 *
 * @throws {ArgumentError} if the centre is not two numbers
 */
export function studyLattice(
  { kind, grid }: Pick<Ocean, "kind" | "grid">,
  { across, depth, spacing, centre = [] }: StudyLattice,
): Trap[] {
  const isTwin = kind === "twin";
  const [east, north] = centre.length === 0 ? middleOf(grid, isTwin) : placeOf(centre);
  const globe = !isTwin && grid.positions.kind === "degrees";
  const middle = globe ? { longitude: east, latitude: north } : { east, north };
  return trapLattice(middle, {
    ...{ across, depth, spacing: spacing ?? (isTwin ? SQUARE / across : APART) },
  });
}

function middleOf(grid: Ocean["grid"], isTwin: boolean): [number, number] {
  if (isTwin) return [SQUARE / 2, SQUARE / 2];
  const { east, north } = positionOf(grid, (grid.nx - 1) / 2, (grid.ny - 1) / 2);
  return [east, north];
}

function placeOf(centre: readonly number[]): [number, number] {
  const [east, north] = centre;
  if (centre.length === 2 && Number.isFinite(east) && Number.isFinite(north)) {
    return [east!, north!];
  }
  throw new ArgumentError({
    what: "trapCentre",
    wanted: "two numbers, longitude and latitude or metres east and north; none for the middle",
    got: `[${centre.join(", ")}]`,
  });
}
