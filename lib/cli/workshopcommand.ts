/** `carbonbook workshop`: the lessons of a class, copied, set back, looked at. */

import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { addJson, columns, type Finish } from "./command.js";
import { makeConsole } from "./console.js";
import { EXIT } from "./exit.js";

interface StatusOptions {
  readonly run: boolean;
  readonly json: boolean;
}

const SIGNS = {
  right: "✓ right",
  wrong: "✗ not yet",
  open: "○ open",
  "not run": "· not run",
} as const;

/** Add the command to the program. */
export function addWorkshop(program: Command, finish: Finish): void {
  const workshop = program.command("workshop").description("the lessons, for a class");
  addJson(workshop.command("new"))
    .description("copy the lessons into a folder")
    .argument("<folder>", "where they go; made where it is not there")
    .addOption(
      new Option("--edition <name>", "without or with solutions and notes")
        .choices(["student", "instructor"])
        .default("student"),
    )
    .action(async (folder: string, options: { edition: "student" | "instructor"; json: boolean }) =>
      finish(await create(resolve(folder), options)),
    );
  addJson(workshop.command("status"))
    .description("say which exercises are right")
    .argument("[folder]", "the class's folder", ".")
    .option("--run", "run every lesson anew instead of reading what was saved", false)
    .action(async (folder: string, options: StatusOptions) =>
      finish(await status(resolve(folder), options)),
    );
  addJson(workshop.command("reset"))
    .description("set a lesson back to the start; what was there is kept beside it")
    .argument("<lesson>", "its name or number")
    .argument("[folder]", "the class's folder", ".")
    .action(async (lesson: string, folder: string, options: { json: boolean }) =>
      finish(await reset(resolve(folder), lesson, options)),
    );
}

async function create(
  folder: string,
  options: { edition: "student" | "instructor"; json: boolean },
): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { newWorkshop } = await import("../workshop/index.js");
  const files = await newWorkshop(folder, options.edition);
  console.print(`${files.length} lessons in ${folder}; open them: npx carbonbook lab ${folder}`);
  console.document({ folder, edition: options.edition, files });
  return EXIT.done;
}

async function status(folder: string, options: StatusOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { workshopStatus } = await import("../workshop/index.js");
  const lessons = await workshopStatus(folder, {
    from: options.run ? "run" : "saved",
    onProgress: (done, total) => console.bar("lessons", done, total),
  });
  const all = lessons.flatMap(({ exercises }) => exercises);
  const right = all.filter(({ state }) => state === "right").length;
  const rows = lessons.flatMap(({ lesson, file, exercises }) =>
    file === undefined
      ? [[lesson, "-", "not in this folder"]]
      : exercises.map(({ exercise, state }, i) => [i === 0 ? lesson : "", exercise, SIGNS[state]]),
  );
  for (const line of columns([["lesson", "exercise", "state"], ...rows])) console.print(line);
  console.print(`${right} of ${all.length} exercises are right`);
  console.document({ folder, right, exercises: all.length, lessons });
  return EXIT.done;
}

async function reset(
  folder: string,
  lesson: string,
  options: { readonly json: boolean },
): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { resetLesson } = await import("../workshop/index.js");
  const { file, kept } = await resetLesson(folder, lesson);
  console.print(`${file} is at its start${kept === undefined ? "" : `; what was there: ${kept}`}`);
  console.document({ file, kept: kept ?? null });
  return EXIT.done;
}
