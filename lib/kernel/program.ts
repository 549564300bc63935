/** How the programs are made that cells are checked in. */
import type * as TS from "typescript";
import { ts, useShelf } from "./shelf.js";

/** Build a program without a record of what each file affects; only direct questions are asked. */
export const buildOnce: TS.CreateProgram<TS.BuilderProgram> = (names, options, host, ...rest) => {
  if (host !== undefined) useShelf(host);
  const builder = ts.createAbstractBuilder(names, options, host, ...rest);
  builder.getProgram().getTypeChecker(); // completion wants the scopes that it fills in
  const getAllDependencies = (file: TS.SourceFile) => localFilesFrom(builder.getProgram(), file);
  return Object.assign(builder, { getAllDependencies });
};

/** A file and all it imports, as far as their code is local. */
function localFilesFrom(program: TS.Program, file: TS.SourceFile): readonly string[] {
  type Imports = { resolvedModules?: { forEach(visit: (found: Resolved) => void): void } };
  type Resolved = TS.ResolvedModuleWithFailedLookupLocations;
  const found = new Set([file]);
  for (const one of found) {
    (one as Imports).resolvedModules?.forEach(({ resolvedModule }) => {
      const name = resolvedModule?.resolvedFileName;
      const next = name === undefined ? undefined : program.getSourceFile(name);
      if (next !== undefined && !next.isDeclarationFile) found.add(next);
    });
  }
  return [...found].map(({ fileName }) => fileName);
}
