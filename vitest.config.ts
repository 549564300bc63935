import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { Tally } from "./test/house/tally.js";

export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^carbonbook\/([a-z]+)$/,
        replacement: `${fileURLToPath(new URL("./lib", import.meta.url))}/$1/index.ts`,
      },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", new Tally()],
  },
});
