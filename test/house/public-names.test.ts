import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const lib = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "lib");

const rooms = readdirSync(lib, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["bin", "dist", "node_modules"].includes(entry.name))
  .map((entry) => entry.name)
  .sort();

/** Names that a module exports, types too, following `export *` within the room. */
function exportedNames(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      if (statement.exportClause === undefined) {
        const from = (statement.moduleSpecifier as ts.StringLiteral).text;
        return exportedNames(join(dirname(path), from.replace(/\.js$/, ".ts")));
      }
      const clause = statement.exportClause;
      return ts.isNamedExports(clause)
        ? clause.elements.map((e) => e.name.text)
        : [clause.name.text];
    }
    return isExported(statement) ? declaredNames(statement) : [];
  });
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some((m) => m.kind === ts.SyntaxKind.ExportKeyword)
  );
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((d) => (d.name as ts.Identifier).text);
  }
  const named = statement as ts.Statement & { readonly name?: ts.Identifier };
  return named.name === undefined ? [] : [named.name.text];
}

test.each(rooms)("adding a name to %s is a visible decision", (room) => {
  const names = [...new Set(exportedNames(join(lib, room, "index.ts")))].sort();
  expect(names.length).toBeGreaterThan(0);
  expect(names).toMatchSnapshot();
});
