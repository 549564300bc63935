/**
 * A run as the manifest of a CODECHECK: what a reviewer compares with the paper.
 *
 * @see https://codecheck.org.uk/spec/config/2.0/
 */

import { DataError } from "../core/index.js";
import type { FigureManifest } from "./manifest.js";

/** What only the codechecker knows. */
export interface CodecheckFacts {
  /** identifier in the register, as `2026-001` */
  readonly certificate?: string;
  /** DOI of the published report */
  readonly report?: string;
  readonly codechecker?: { readonly name: string; readonly orcid?: string };
}

/**
 * Describe one study as the content of a `codecheck.yml`. What only the codechecker can fill in is left out where
 * it is not given; a file with placeholders would not be valid either.
 *
 * @param options.runFolder path of the run's folder as seen from where the file goes
 * @throws {DataError} if the manifest does not know the study, or not what the paper is
 */
export function describeCodecheck(
  manifest: FigureManifest,
  study: string,
  options: { readonly runFolder: string; readonly facts?: CodecheckFacts },
): Record<string, unknown> {
  const paper = manifest.studies.find(({ id }) => id === study);
  if (paper === undefined) {
    const known = manifest.studies.map(({ id }) => id).join(", ");
    throw lacking("study", known === "" ? "one it lists" : `one of ${known}`, `"${study}"`);
  }
  const { title, reference, authors = [] } = paper;
  if (reference === undefined || authors.length === 0) {
    throw lacking(`study ${study}`, "authors and reference of the paper", "none");
  }
  const { certificate, report, codechecker } = options.facts ?? {};
  const figures = manifest.figures.filter((figure) => figure.study === study);
  return {
    version: "https://codecheck.org.uk/spec/config/2.0/",
    paper: { title, authors: authors.map(person), reference },
    manifest: figures.map(({ id, kind, number, shows }) => ({
      file: `${options.runFolder}/figures/${study}/${id}.${kind === "table" ? "csv" : "png"}`,
      comment: `${kind === "table" ? "Table" : "Figure"} ${number}: ${shows}`,
    })),
    ...(codechecker && { codechecker: [person(codechecker)] }),
    summary: `All ${figures.length} figures and tables are drawn by one command, npm run reproduce.`,
    ...(certificate !== undefined && { certificate }),
    ...(report !== undefined && { report }),
  };
}

function person({ name, orcid }: { readonly name: string; readonly orcid?: string }) {
  return { name, ...(orcid !== undefined && { ORCID: orcid }) };
}

function lacking(what: string, wanted: string, got: string): DataError {
  return new DataError({ where: "notebooks/figures.json", what, wanted, got });
}
