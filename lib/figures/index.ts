/**
 * figures: numbers become figures. A figure is panels of layers put together into plain Plotly data
 * (`figure`), drawn to SVG, PNG, HTML and JSON without a browser (`saveFigure`), shown in notebooks
 * (`toMimeBundle`). Colour maps and what goes with which quantity are in `palette` and `scale`.
 */
export {
  type CheckOptions,
  compareFigures,
  type FigureCheck,
  isSame,
  type Outcome,
  readFigure,
} from "./check.js";
export * from "./coast.js";
export * from "./compare.js";
export { type Country, countries } from "./countries.js";
export * from "./diagram.js";
export * from "./distribution.js";
export { escapeHtml, scriptJson } from "./escape.js";
export * from "./field.js";
export * from "./figure.js";
export * from "./findings.js";
export * from "./frame.js";
export type { Extent, Grid, Layer, Numbers, Piece, Positions } from "./layer.js";
export * from "./mark.js";
export type { MimeBundle } from "./mime.js";
export * from "./network.js";
export * from "./numbers.js";
export * from "./page.js";
export * from "./palette.js";
export { type Axis, type MapOptions, mapPanel, type Panel } from "./panel.js";
export { comparePictures, type PictureComparison } from "./picture.js";
export { rasterise, renderPng, renderSvg } from "./render.js";
export { FIGURE_SCHEMA, type FigureFiles, figureJson, saveFigure } from "./save.js";
export * from "./scale.js";
export * from "./scene.js";
export type { Camera } from "./scene-view.js";
export * from "./series.js";
export * from "./table.js";
export * from "./tree.js";
