/** The rules of RO-Crate 1.1 and the Process Run profile, as assertions. */

import { expect } from "vitest";

interface Entity {
  readonly "@id": string;
  readonly "@type": string;
  readonly [key: string]: unknown;
}

/** What RO-Crate 1.1 and the Process Run profile ask for. */
export function checkCrate(crate: { "@context": unknown; "@graph": Entity[] }): void {
  const graph = new Map(crate["@graph"].map((entity) => [entity["@id"], entity]));
  expect(graph.size).toBe(crate["@graph"].length);
  expect(graph.get("ro-crate-metadata.json")).toMatchObject({
    "@type": "CreativeWork",
    about: { "@id": "./" },
    conformsTo: { "@id": "https://w3id.org/ro/crate/1.1" },
  });
  const root = graph.get("./")!;
  for (const key of ["name", "description", "datePublished", "license"])
    expect(root[key]).toBeTruthy();
  const refer = JSON.stringify(crate["@graph"]).matchAll(/\{"@id":"([^"]+)"\}/g);
  const lost = [...refer]
    .map((match) => match[1]!)
    .filter((id) => !graph.has(id) && !/^https?:/.test(id));
  expect(lost).toEqual([]);
  const actions = crate["@graph"].filter((entity) => entity["@type"] === "CreateAction");
  expect(actions.map((action) => action["@id"])).toEqual(["#run-01-a", "#run-02-b", "#run-03-c"]);
  expect(actions[1]!.object).toContainEqual({ "@id": "artifacts/a.txt" });
  expect(actions[0]!.result).toContainEqual({ "@id": "artifacts/a.txt" });
}
