import * as lagrangian from "carbonbook/lagrangian";
import * as parallel from "carbonbook/parallel";
import { expect, test } from "vitest";

test("the rooms' public names", () => {
  expect(Object.keys(lagrangian).sort()).toMatchInlineSnapshot(`
    [
      "END_REASONS",
      "EULER",
      "RK2",
      "RK4",
      "RK45",
      "backtrack",
      "createTrackFile",
      "originMap",
      "releasePatch",
      "tracksToNetcdf",
    ]
  `);
  expect(Object.keys(parallel).sort()).toMatchInlineSnapshot(`
    [
      "callTask",
      "checkWorkers",
      "cores",
      "formatTask",
      "makePool",
      "poolTasks",
      "readTask",
      "runTasks",
      "taskPath",
      "timeTask",
      "workerFile",
    ]
  `);
});
