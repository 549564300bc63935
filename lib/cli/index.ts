/** cli: arguments, exit codes and progress of the `carbonbook` command; nothing else. */
export * from "./exit.js";
export { main } from "./main.js";
