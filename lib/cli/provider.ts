/** `--provider`: what networks are trained on and run with. */

import { Option } from "commander";

/** The option, for commands that run notebooks. */
export function providerOption(): Option {
  return new Option(
    "--provider <name>",
    "what networks run on; refused where it does not load (default: cuda if it is here, else cpu)",
  ).choices(["cpu", "webgpu", "cuda"]);
}

/**
 * Let every engine that is opened from here on use a provider, in this process and those it starts.
 *
 * @param isHere whether networks run on this machine: then the provider must load now
 * @throws {EnvironmentError} with the reason, if it does not
 */
export async function useProvider(name: string | undefined, isHere: boolean): Promise<void> {
  if (name === undefined) return;
  if (isHere) {
    const { openEngine } = await import("../learn/index.js");
    await openEngine({ provider: name });
  }
  process.env.CARBONBOOK_PROVIDER = name;
}
