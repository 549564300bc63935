/** The rules of RO-Crate 1.1 and the Process Run profile, as assertions. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

interface Entity {
  readonly "@id": string;
  readonly "@type": string;
  readonly [key: string]: unknown;
}

const refer = (id: string) => ({ "@id": id });

/**
 * What RO-Crate 1.1 and the Process Run profile ask for.
 *
 * @param folder the crate's folder, in which its files must be
 */
export function checkCrate(
  crate: { "@context": unknown; "@graph": Entity[] },
  folder: string,
): void {
  const entities = crate["@graph"];
  const graph = new Map(entities.map((entity) => [entity["@id"], entity]));
  expect(graph.size).toBe(entities.length);
  expect(crate["@context"]).toContain("https://w3id.org/ro/crate/1.1/context");
  expect(graph.get("ro-crate-metadata.json")).toMatchObject({
    "@type": "CreativeWork",
    about: refer("./"),
    conformsTo: refer("https://w3id.org/ro/crate/1.1"),
  });
  checkFlat(entities, graph);
  checkRoot(graph.get("./")!, entities, folder);
  checkActions(entities, graph);
}

/** Every entity has an id and a type and names others by id alone; all that are no web address are here. */
function checkFlat(entities: readonly Entity[], graph: ReadonlyMap<string, Entity>): void {
  for (const entity of entities) {
    expect(entity).toMatchObject({ "@id": expect.any(String), "@type": expect.anything() });
    const others = Object.values(entity)
      .flat()
      .filter((value) => typeof value === "object");
    for (const other of others as Entity[]) {
      expect(Object.keys(other)).toEqual(["@id"]);
      expect(graph.has(other["@id"]) || /^https?:/.test(other["@id"])).toBe(true);
    }
  }
}

/** The folder: named, dated, licensed, and with every file in it as a part. */
function checkRoot(root: Entity, entities: readonly Entity[], folder: string): void {
  expect(root["@type"]).toBe("Dataset");
  for (const key of ["name", "description", "license"]) expect(root[key]).toBeTruthy();
  expect(root.datePublished).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const files = entities.filter((entity) => entity["@type"] === "File");
  expect(root.hasPart).toEqual(files.map((file) => refer(file["@id"])));
  for (const { "@id": id } of files) {
    expect(encodeURI(decodeURI(id))).toBe(id);
    expect(existsSync(join(folder, decodeURIComponent(id)))).toBe(true);
  }
}

/** Each run: which tool made what of what, when, for whom and how it ended; the folder mentions it. */
function checkActions(entities: readonly Entity[], graph: ReadonlyMap<string, Entity>): void {
  const root = graph.get("./")!;
  const profile = (root.conformsTo as Entity)["@id"];
  expect(profile).toMatch(/^https:\/\/w3id\.org\/ro\/wfrun\/process\//);
  expect(graph.get(profile)?.["@type"]).toBe("CreativeWork");
  const actions = entities.filter((entity) => entity["@type"] === "CreateAction");
  expect(actions.map((action) => action["@id"])).toEqual(["#run-01-a", "#run-02-b", "#run-03-c"]);
  expect(root.mentions).toEqual(actions.map((action) => refer(action["@id"])));
  for (const action of actions) {
    const tool = graph.get((action.instrument as Entity)["@id"]);
    expect(tool).toMatchObject({ "@type": "SoftwareSourceCode", name: expect.any(String) });
    expect(graph.has((action.agent as Entity)["@id"])).toBe(true);
    expect(action.actionStatus).toEqual(refer("http://schema.org/CompletedActionStatus"));
    expect(Date.parse(String(action.endTime))).toBeGreaterThan(
      Date.parse(String(action.startTime)),
    );
  }
  expect(actions[1]!.object).toContainEqual(refer("artifacts/a.txt"));
  expect(actions[0]!.result).toContainEqual(refer("artifacts/a.txt"));
}
