/**
 * A run as an RO-Crate: a folder that says of itself, in linked data, what is in it and which
 * runs made it.
 *
 * @see https://w3id.org/ro/crate/1.1 and https://w3id.org/ro/wfrun/process/0.5
 */

import { extname } from "node:path";
import type { Origin, Provenance } from "./provenance.js";
import type { RunRecord } from "./record.js";
import { describeValue } from "./value.js";

/** An entity of the crate's graph. */
export type CrateEntity = {
  readonly "@id": string;
  readonly "@type": string | string[];
} & Readonly<Record<string, unknown>>;

const PROFILE = "https://w3id.org/ro/wfrun/process/0.5";
const LICENCE = "https://spdx.org/licenses/Apache-2.0";

const FORMATS: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".html": "text/html",
  ".ipynb": "application/x-ipynb+json",
  ".json": "application/json",
  ".nc": "application/netcdf",
  ".onnx": "application/onnx",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
};

/** Describe a run of the graph as a Process Run Crate; the crate is the run's folder. */
export function describeCrate(provenance: Provenance): Record<string, unknown> {
  const records = provenance.notebooks.flatMap(({ record }) => record ?? []);
  const files = unique(records.flatMap(resultsOf));
  const outside = unique(records.flatMap((record) => dataOf(record)));
  const actions = records.map((record) => actionOf(record, provenance));
  const root: CrateEntity = {
    "@id": "./",
    "@type": "Dataset",
    name: `carbonbook run, profile ${provenance.profile}`,
    description:
      "Executed notebooks with the figures, artifacts and claims they made, and where each came from.",
    datePublished: provenance.end,
    license: refer(LICENCE),
    conformsTo: refer(PROFILE),
    hasPart: files.map((file) => refer(file["@id"])),
    mentions: actions.map((action) => refer(action["@id"])),
  };
  const graph = [
    {
      "@id": "ro-crate-metadata.json",
      "@type": "CreativeWork",
      conformsTo: refer("https://w3id.org/ro/crate/1.1"),
      about: refer("./"),
    },
    root,
    { "@id": PROFILE, "@type": "CreativeWork", name: "Process Run Crate", version: "0.5" },
    { "@id": LICENCE, "@type": "CreativeWork", name: "Apache License 2.0", identifier: LICENCE },
    ...unique([provenance, ...records.map(({ origin }) => origin)].map(software)),
    ...unique([provenance, ...records.map(({ origin }) => origin)].map(agent)),
    ...records.map(notebookOf),
    ...actions,
    ...unique(records.flatMap(parametersOf)),
    ...outside,
    ...files,
  ];
  const context = [
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
    { sha256: "https://w3id.org/ro/terms/workflow-run#sha256" },
  ];
  return { "@context": context, "@graph": graph };
}

/** carbonbook as it was when something ran. */
function software({ versions, code }: Origin): CrateEntity {
  const state = `${code.commit?.slice(0, 12) ?? versions.carbonbook}${code.dirty ? "-changed" : ""}`;
  return {
    "@id": `#carbonbook-${state}-node-${versions.node}`,
    "@type": "SoftwareApplication",
    name: "carbonbook",
    softwareVersion: versions.carbonbook,
    softwareRequirements: `Node ${versions.node}`,
    ...(code.commit !== null && {
      description: `git commit ${code.commit}${code.dirty ? ", with changes" : ""}`,
    }),
  };
}

function agent({ host }: Origin): CrateEntity {
  const name = `a user of ${host.name}`;
  return {
    "@id": `#agent-${encodeURIComponent(host.name ?? "")}`,
    "@type": "Organization",
    name,
    description: String(host.platform),
  };
}

/** The notebook as it was before the run: the tool of the action. */
function notebookOf({ notebook, fingerprint, origin }: RunRecord): CrateEntity {
  return {
    "@id": `#notebook-${notebook}`,
    "@type": "SoftwareSourceCode",
    name: `${notebook}.ipynb`,
    version: `sha256:${fingerprint.cells}`,
    isPartOf: refer(software(origin)["@id"]),
  };
}

function actionOf(record: RunRecord, provenance: Provenance): CrateEntity {
  const objects = [
    ...dataOf(record).map((entity) => entity["@id"]),
    ...partsOf(record, "input ").map(address),
    ...parametersOf(record).map((entity) => entity["@id"]),
  ];
  const status = record.status === "completed" ? "Completed" : "Failed";
  return {
    "@id": `#run-${record.notebook}`,
    "@type": "CreateAction",
    name: `Run of ${record.notebook}.ipynb`,
    description: `carbonbook reproduce --profile ${provenance.profile} --only ${record.notebook}`,
    instrument: refer(`#notebook-${record.notebook}`),
    agent: refer(agent(record.origin)["@id"]),
    object: objects.map(refer),
    result: resultsOf(record).map((file) => refer(file["@id"])),
    startTime: record.start,
    endTime: record.end,
    actionStatus: refer(`http://schema.org/${status}ActionStatus`),
    ...(record.failure && { error: `${record.failure.ename}: ${record.failure.evalue}` }),
  };
}

function resultsOf({ outputs }: RunRecord): CrateEntity[] {
  return Object.entries(outputs).map(([path, { size, sha256, modified }]) => ({
    "@id": address(path),
    "@type": "File",
    name: path,
    contentSize: String(size),
    dateModified: new Date(modified).toISOString(),
    encodingFormat: FORMATS[extname(path)] ?? "application/octet-stream",
    sha256,
  }));
}

/** Data sets from outside that were there when it ran. */
function dataOf(record: RunRecord): CrateEntity[] {
  return partsOf(record, "data ")
    .filter((id) => record.fingerprint[`data ${id}`] !== "absent")
    .map((id) => ({
      "@id": `#data-${id}`,
      "@type": "CreativeWork",
      name: id,
      sha256: record.fingerprint[`data ${id}`],
    }));
}

function parametersOf({ notebook, parameters }: RunRecord): CrateEntity[] {
  return Object.entries(parameters).map(([name, value]) => ({
    "@id": `#parameter-${notebook}-${name}`,
    "@type": "PropertyValue",
    name,
    value: typeof value === "number" ? value : describeValue(value),
  }));
}

/** The names of the parts of a fingerprint that begin in one way, without that beginning. */
function partsOf({ fingerprint }: RunRecord, beginning: string): string[] {
  const names = Object.keys(fingerprint).filter((name) => name.startsWith(beginning));
  return names.map((name) => name.slice(beginning.length));
}

function address(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function refer(id: string): { "@id": string } {
  return { "@id": id };
}

function unique(entities: readonly CrateEntity[]): CrateEntity[] {
  return [...new Map(entities.map((entity) => [entity["@id"], entity])).values()];
}
