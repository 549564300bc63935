/** A Jupyter server for this project: found, told where all is, and kept to this machine. */
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { EnvironmentError } from "../core/index.js";
import { PACKAGE } from "./installation.js";
import { installKernel } from "./kernelspec.js";
import { installExtension } from "./page-extension.js";

/** A Jupyter that is installed: JupyterLab, or the Notebook. */
export interface Jupyter {
  readonly kind: "lab" | "notebook";
  readonly program: string;
}

/** The one command that brings Jupyter. */
export const JUPYTER_REMEDY = "sh environment/jupyter/install.sh";

/** The folder that the reader names, or that `environment/jupyter/install.sh` may have made. */
function ownFolder(env: NodeJS.ProcessEnv): string {
  const made = join(dirname(PACKAGE), "environment", "jupyter", "venv", "bin");
  return env.CARBONBOOK_JUPYTER ?? made;
}

/**
 * Find JupyterLab, or else the Notebook: in the folder that the environment variable
 * `CARBONBOOK_JUPYTER` names (the project's own by default), then on the PATH.
 *
 * @param kinds which of the two will do, the better first
 */
export function findJupyter(
  env: NodeJS.ProcessEnv = process.env,
  kinds: readonly Jupyter["kind"][] = ["lab", "notebook"],
): Jupyter | undefined {
  const folders = [ownFolder(env), ...(env.PATH ?? "").split(delimiter)].filter(Boolean);
  for (const kind of kinds) {
    for (const folder of folders) {
      const program = join(folder, `jupyter-${kind}`);
      if (existsSync(program)) return { kind, program };
    }
  }
  return undefined;
}

/** What a server is started with. */
export interface ServerOptions {
  /** the folder it opens */
  readonly folder: string;
  /** who has it may run code here: random, and never in an argument that others can list */
  readonly token: string;
  readonly port: number;
  readonly browser: "open" | "none";
  /** where the kernel and the extension of the page are put for it */
  readonly prefix: string;
  /** JupyterLab or the Notebook; by default the first that is here */
  readonly page?: Jupyter["kind"] | undefined;
}

/** A command that starts a server. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Make the command that starts Jupyter on loopback, with the kernel and the extension of this
 * installation put below `prefix`; nothing is written elsewhere.
 *
 * @throws {EnvironmentError} where there is no Jupyter
 */
export function serverCommand(options: ServerOptions): ServerCommand {
  const { folder, token, port, browser, prefix, page } = options;
  const jupyter = findJupyter(process.env, page && [page]);
  if (jupyter === undefined) {
    throw new EnvironmentError({
      what: "Jupyter",
      wanted: page === undefined ? "JupyterLab or the Jupyter Notebook" : `jupyter-${page}`,
      got: page === undefined ? "neither on the PATH" : "none on the PATH",
      remedy: JUPYTER_REMEDY,
    });
  }
  installKernel({ prefix });
  installExtension(prefix);
  const app = jupyter.kind === "lab" ? "ServerApp" : "NotebookApp";
  const root = jupyter.kind === "lab" ? "root_dir" : "notebook_dir";
  const args = [
    `--${app}.ip=127.0.0.1`,
    `--${app}.port=${port}`,
    `--${app}.${root}=${folder}`,
    `--${app}.port_retries=0`,
    "--Application.log_level=WARN",
    ...(browser === "none" ? ["--no-browser"] : []),
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
  const before = (first: string, rest: string | undefined) =>
    rest === undefined || rest === "" ? first : `${first}${delimiter}${rest}`;
  const { env } = process;
  return {
    program: jupyter.program,
    args,
    env: {
      ...env,
      JUPYTER_TOKEN: token,
      JUPYTER_PATH: before(join(prefix, "share", "jupyter"), env.JUPYTER_PATH),
      JUPYTER_CONFIG_PATH: before(join(prefix, "etc", "jupyter"), env.JUPYTER_CONFIG_PATH),
      PATH: before(dirname(process.execPath), env.PATH),
    },
  };
}
