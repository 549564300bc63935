"""Make test/fixtures/io/reference-*.json: what netCDF4-python and h5py read from the test files.

For each variable: dimensions, shape, a hash of the values as stored (little-endian), and of the
decoded values how many are missing, their sum and a few samples. Run with the data folder as the
only argument. Made with netCDF4 1.6.2, h5py 3.7.0, numpy 1.24.2 (Debian 12).
"""

import hashlib
import json
import pathlib
import sys
import warnings

import h5py
import netCDF4
import numpy as np

warnings.simplefilter("ignore")
ROOT = pathlib.Path(sys.argv[1])
OUT = pathlib.Path(__file__).parent.parent / "test/fixtures/io"
SKIP = ("malformed_hdf5", "hdf4_test", "Time_Varying_Biomes")
KINDS = {"i": "i", "u": "u", "f": "f", "b": "i"}


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def type_of(dtype):
    return f"{KINDS[dtype.kind]}{dtype.itemsize * 8}" if dtype.kind in KINDS else None


def number_facts(raw, decoded):
    raw = np.ascontiguousarray(raw)
    values = np.ma.filled(np.ma.asarray(decoded).astype("f8"), np.nan).ravel()
    finite = values[np.isfinite(values)]
    picks = sorted({int(i) for i in np.linspace(0, values.size - 1, 4)}) if values.size else []
    return {
        "type": type_of(raw.dtype),
        "sha": digest(raw.astype(raw.dtype.newbyteorder("<")).tobytes()),
        "missing": int(np.isnan(values).sum()),
        "sum": float(finite.sum()) if finite.size else 0.0,
        "samples": [[i, None if np.isnan(values[i]) else float(values[i])] for i in picks if not np.isinf(values[i])],
    }


def text_facts(texts):
    return {"type": "text", "sha": digest("\n".join(texts).encode())}


def text(value):
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def netcdf_variable(v):
    v.set_auto_maskandscale(False)
    v.set_auto_chartostring(False)
    raw = v[...]
    facts = {"dims": list(v.dimensions), "shape": list(v.shape)}
    if v.dtype is str:
        return {**facts, **text_facts([str(s) for s in np.asarray(raw, dtype=object).ravel()])}
    raw = np.ma.filled(raw) if np.ma.isMaskedArray(raw) else np.asarray(raw)
    if raw.dtype.kind == "S":
        rows = raw.reshape(-1, raw.shape[-1]) if raw.ndim else raw.reshape(1, 1)
        joined = [b"".join(c or b"\0" for c in row).split(b"\0")[0] for row in rows]
        return {**facts, **text_facts([text(s) for s in joined])}
    if raw.dtype.kind not in KINDS:
        return None
    v.set_auto_maskandscale(True)
    return {**facts, **number_facts(raw, v[...])}


def walk_netcdf(group, prefix, out):
    for name, v in group.variables.items():
        if not isinstance(v.datatype, netCDF4.EnumType) and not (isinstance(v.dtype, np.dtype) or v.dtype is str):
            continue
        try:
            facts = netcdf_variable(v)
        except Exception as error:
            print("  skipped", prefix + name, error)
            continue
        if facts:
            facts["dims"] = [qualified(group, d) for d in facts["dims"]]
            out[prefix + name] = facts
    for name, child in group.groups.items():
        walk_netcdf(child, f"{prefix}{name}/", out)


def qualified(group, name):
    while name not in group.dimensions:
        group = group.parent
    path = group.path.strip("/")
    return f"{path}/{name}" if path else name


def walk_h5py(file, out):
    def visit(name, d):
        if not isinstance(d, h5py.Dataset) or d.shape is None:
            return
        if text(d.attrs.get("NAME", "")).startswith("This is a netCDF dimension"):
            return
        kind = d.dtype.kind
        try:
            if h5py.check_string_dtype(d.dtype):
                values = np.asarray(d[()], dtype=object).ravel()
                out[name] = {"shape": list(d.shape), **text_facts([text(s) for s in values])}
            elif kind in KINDS and d.dtype.itemsize <= 8 and d.dtype.name != "float16":
                raw = d[()]
                out[name] = {"shape": list(d.shape), **number_facts(raw, raw)}
        except Exception as error:
            print("  skipped", name, error)

    file.visititems(visit)


def read(path):
    variables = {}
    if "h5py" not in str(path) and "pyfive" not in str(path) and "h5wasm" not in str(path):
        try:
            with netCDF4.Dataset(path) as ds:
                walk_netcdf(ds, "", variables)
                dims = {k: [len(d), d.isunlimited()] for k, d in ds.dimensions.items()}
                return {"by": "netCDF4", "dimensions": dims, "variables": variables}
        except OSError as error:
            print(path.name, error)
    with h5py.File(path) as file:
        walk_h5py(file, variables)
    return {"by": "h5py", "variables": variables}


def reference(paths):
    out = {}
    for path in paths:
        name = str(path.relative_to(ROOT))
        if any(s in name for s in SKIP) or path.suffix not in (".nc", ".h5", ".hdf5", ".cdf"):
            continue
        try:
            out[name] = thinned(read(path))
        except Exception as error:
            print(name, "not readable:", error)
    return out


def thinned(found):
    """Every twentieth variable of files that have more than a thousand."""
    variables = list(found["variables"].items())
    step = 20 if len(variables) > 1000 else 1
    return {**found, "count": len(variables), "variables": dict(variables[::step])}


def save(name, content):
    OUT.mkdir(parents=True, exist_ok=True)
    lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False, separators=(',', ':'))}" for k, v in content.items()]
    (OUT / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


formats = sorted((ROOT / "formats").rglob("*"))
science = [p for p in sorted(ROOT.rglob("*.nc")) if "formats" not in p.parts]
save("reference-formats.json", reference(formats))
save("reference-fields.json", reference([p for p in science if "soil" not in p.parts]))
save("reference-soil.json", reference([p for p in science if "soil" in p.parts]))
