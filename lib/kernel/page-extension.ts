/**
 * What Jupyter's own pages lack: drawing Plotly figures that answer to the mouse. And what they do too
 * much: JupyterLab asks another host whether it is the newest, and its reader for leave to fetch news.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { plotterFile } from "../figures/index.js";
import { PACKAGE } from "./installation.js";

const NAME = "carbonbook";

/**
 * Put the extension of Jupyter's pages below a folder, as `share/jupyter` and `etc/jupyter`, for
 * Notebook 6 and for JupyterLab and Notebook 7. It brings its own plotter and loads nothing else. News
 * and the look for updates are off there, so that no other host is asked; a reader's own setting goes first.
 *
 * @param prefix a Python environment's folder, or any that JUPYTER_PATH and JUPYTER_CONFIG_PATH name
 */
export function installExtension(prefix: string): void {
  const share = join(prefix, "share", "jupyter");
  const old = join(share, "nbextensions", NAME);
  const lab = join(share, "labextensions", NAME);
  const source = join(dirname(PACKAGE), "environment", "jupyter", "extension");
  const figure = readFileSync(join(source, "figure.js"), "utf8").replace(/^\/\/.*\n/gm, "");
  const composed = (name: string) =>
    readFileSync(join(source, name), "utf8").replace("FIGURE", () => figure.trim());
  write(join(old, "main.js"), composed("notebook.js"));
  write(join(lab, "static", "remoteEntry.js"), composed("lab.js"));
  write(join(lab, "package.json"), JSON.stringify(LAB_PACKAGE, null, 2));
  const config = join(prefix, "etc", "jupyter", "nbconfig", "notebook.d", `${NAME}.json`);
  write(config, JSON.stringify({ load_extensions: { [`${NAME}/main`]: true } }));
  const defaults = join(prefix, "etc", "jupyter", "labconfig", "default_setting_overrides.json");
  write(defaults, JSON.stringify(LAB_DEFAULTS, null, 2));
  for (const file of [plotterFile({ layout: {} }), plotterFile({ layout: { scene: {} } })]) {
    for (const folder of [old, join(lab, "static")])
      copyFileSync(file, join(folder, basename(file)));
  }
}

const LAB_PACKAGE = {
  name: NAME,
  version: "0.1.0",
  description: "Draws the figures of carbonbook",
  jupyterlab: {
    mimeExtension: true,
    _build: { load: "static/remoteEntry.js", mimeExtension: "./mimeExtension" },
  },
};

/** What JupyterLab asks other hosts for by itself: news, and whether there is a newer version. */
const LAB_DEFAULTS = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
