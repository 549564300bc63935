#!/usr/bin/env node
// The kernel's process: `carbonbook-kernel CONNECTION_FILE [--strict]`.
import { runKernel } from "../dist/kernel/main.js";

const [connectionFile] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
if (connectionFile === undefined) {
  process.stderr.write("carbonbook kernel: a connection file is needed\n");
  process.exit(2);
}
runKernel({ connectionFile, strict: process.argv.includes("--strict") });
