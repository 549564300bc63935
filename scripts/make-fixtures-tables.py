"""Make test/fixtures/io/reference-tables.json: what Python's csv module reads from the test tables.

For each table: how it is to be read, its number of rows, and for each column the number of missing
cells and the sum of the others, or a hash of its cells if they are not all numbers. Run with the data
folder as the only argument. Made with Python 3.11; cells are compared after trimming blanks.
"""

import csv
import gzip
import hashlib
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
OUT = pathlib.Path(__file__).parent.parent / "test/fixtures/io/reference-tables.json"
SKIP = re.compile(r"README|not_nc|nczarr|SOURCES")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
MISSING = {"", "NA", "N/A", "NaN", "nan", "null", "NULL"}
MONTHLY = ["date", "decimal date"]
OPTIONS = {
    "co2-mm-mlo.csv": {"names": [*MONTHLY, "mean", "deseasonalised", "days", "sd", "uncertainty"]},
    "co2-mm-gl.csv": {"names": [*MONTHLY, "mean", "mean uncertainty", "trend", "trend uncertainty"]},
    "Example_DETha98.txt": {"units": "row"},
    "dataset_s1_figureS3.csv": {"headerRows": 3},
    "dataset_s2_figure4.csv": {"headerRows": 3},
}


SEAFET = ["date", "time", "Eint", "Eext", "Salinity", "Temperature", "pHspectro", "E0int25", "E0ext25"]


def options_of(path):
    if path.name == "seaFET.txt.gz":
        return {"delimiter": " ", "names": SEAFET}
    if path.suffix == ".dat":
        return {"names": ["a", "b", "c"], "headerRows": 0}
    return {"delimiter": " "} if path.name.endswith(".txt.gz") else OPTIONS.get(path.name, {})


def rows_of(path, options):
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig", "replace")
    body = re.sub(r"\A\s*/\*.*?\*/[^\S\n]*\n", "", text.replace("\r\n", "\n").replace("\r", "\n"), flags=re.S)
    first = next(line for line in body.split("\n") if line)
    delimiter = options.get("delimiter") or ("\t" if "\t" in first else ",")
    rows = [row for row in csv.reader(body.split("\n"), delimiter=delimiter) if row]
    return rows[options.get("headerRows", 1) + (options.get("units") == "row"):]


def is_missing(cell):
    return cell in MISSING or (NUMBER.fullmatch(cell) is not None and float(cell) == -9999)


def column_facts(cells):
    present = [c for c in cells if not is_missing(c)]
    if all(NUMBER.fullmatch(c) for c in present):
        return [len(cells) - len(present), sum(float(c) for c in present)]
    kept = "\n".join("" if is_missing(c) else c for c in cells)
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


facts = {}
for path in sorted(p for p in ROOT.rglob("*") if re.search(r"\.(csv|tab|tsv|txt|dat|txt\.gz)$", p.name)):
    name = str(path.relative_to(ROOT))
    if SKIP.search(name):
        continue
    options = options_of(path)
    rows = rows_of(path, options)
    columns = [column_facts([c.strip() for c in column]) for column in zip(*rows, strict=True)]
    facts[name] = {"options": options, "count": len(rows), "columns": columns}
lines = [f"{json.dumps(name)}:{json.dumps(f, separators=(',', ':'))}" for name, f in facts.items()]
OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
print(len(facts), "tables")
