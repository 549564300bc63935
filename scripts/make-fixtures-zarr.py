"""Make test/fixtures/io/reference-zarr.json: what zarr-python reads from the archives of the test files.

Facts as in make-fixtures-io.py; an array that names its dimensions has its fill value for missing, as
to xarray. Run with the data folder as the only argument. Made with zarr 2.13.6 (Debian 12).
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import zarr

ROOT = pathlib.Path(sys.argv[1])
OUT = pathlib.Path(__file__).parent.parent / "test/fixtures/io/reference-zarr.json"


def names_dimensions(array):
    written = json.loads(array.store[f"{array.path}/.zarray"])
    return any(k in ("_array_dimensions", "_nczarr_array") for k in map(str.lower, [*written, *array.attrs]))


def array_facts(array):
    raw = np.ascontiguousarray(array[...])
    values = raw.astype("f8")
    if names_dimensions(array) and array.fill_value is not None:
        values[raw == array.fill_value] = np.nan
    finite = values[np.isfinite(values)]
    stored = raw.astype(raw.dtype.newbyteorder("<")).tobytes()
    return {
        "shape": list(raw.shape),
        "type": f"{raw.dtype.kind}{raw.dtype.itemsize * 8}",
        "sha": hashlib.sha256(stored).hexdigest()[:16],
        "missing": int(np.isnan(values).sum()),
        "sum": float(finite.sum()),
    }


def read(path):
    store = zarr.ZipStore(path, mode="r")
    roots = [key for key in store.keys() if key.endswith(".zgroup")]
    root = min(roots, key=len).removesuffix(".zgroup").strip("/")
    variables = {}

    def visit(name, item):
        if isinstance(item, zarr.Array):
            try:
                variables[name] = array_facts(item)
            except Exception as error:
                print("  skipped", path.name, name, error)

    zarr.open_group(store, mode="r", path=root).visititems(visit)
    return {"by": "zarr", "count": len(variables), "variables": variables}


facts = {str(p.relative_to(ROOT)): read(p) for p in sorted(ROOT.rglob("*.zip"))}
lines = [f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in facts.items()]
OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
print(len(facts), "archives")
