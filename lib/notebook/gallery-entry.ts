/** What the gallery shows, as plain data. */

import type { Verdict } from "../figures/index.js";

/** A figure or table of the run. */
export interface GalleryFigure {
  readonly id: string;
  readonly study: string;
  /** as the paper counts it, such as `3` or `A2` */
  readonly number: string;
  readonly kind: "figure" | "table";
  /** one line that says what is seen */
  readonly title: string;
  readonly caption: string;
  /** `real data: …`, `twin (synthetic)`, `closed form`, … */
  readonly dataLabel: string;
  /** name of the notebook that made it */
  readonly notebook: string;
  /** paths of its files, all below the gallery's folder; a table has `csv`, `html` and `json` */
  readonly files: {
    readonly json: string;
    readonly html?: string;
    readonly svg?: string;
    readonly png?: string;
    readonly csv?: string;
  };
}

/** A published claim beside what this run found. */
export interface GalleryClaim {
  readonly id: string;
  readonly study: string;
  /** ids of the figures that bear it */
  readonly figures: readonly string[];
  /** the claim in words */
  readonly claim: string;
  readonly paper: string;
  readonly ours: string;
  readonly verdict: Verdict;
  /** why, where it needs saying */
  readonly note?: string;
}

/** An executed notebook. */
export interface GalleryNotebook {
  readonly name: string;
  readonly title: string;
  /** path of the executed file, below the gallery's folder */
  readonly path: string;
  readonly status: "completed" | "failed" | "skipped";
  /** time the run took [s] */
  readonly seconds?: number;
}

/** A study, as the gallery heads it. */
export interface GalleryStudy {
  readonly id: string;
  readonly title: string;
  /** address of the paper */
  readonly reference?: string;
  readonly authors?: readonly { readonly name: string }[];
}

/** All the gallery is made from. */
export interface GalleryOptions {
  /** folder of the run; the gallery is its `index.html` */
  readonly folder: string;
  readonly title?: string;
  /** in the order to show them; studies not named here follow in the order of the figures */
  readonly studies?: readonly GalleryStudy[];
  readonly figures: readonly GalleryFigure[];
  readonly claims: readonly GalleryClaim[];
  readonly notebooks: readonly GalleryNotebook[];
  /** anything plain: nested records and lists are shown as they are */
  readonly provenance: Readonly<Record<string, unknown>>;
}
