"""Make test/fixtures/io/reference-*.json: what netCDF4-python and h5py read from the test files.

For each variable: dimensions, shape, a hash of the values as stored (little-endian), and of the
decoded values how many are missing, their sum and a few samples. Run with the data folder as the
only argument. Made with netCDF4 1.6.2, h5py 3.7.0, numpy 1.24.2 (Debian 12).
"""

import hashlib
import json
import pathlib
import resource
import subprocess
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
            print("  skipped", name, error, file=sys.stderr)

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


def read_hostile(path):
    """Read a hostile file in a process of its own, which may die of it."""
    command = [sys.executable, __file__, str(ROOT), str(path)]
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, preexec_fn=limit)
    except subprocess.TimeoutExpired:
        return {"by": "h5py", "variables": {}, "count": 0}
    found = json.loads(done.stdout) if done.returncode == 0 else {}
    return {"by": "h5py", "count": len(found), "variables": found}


if len(sys.argv) > 2:
    variables = {}
    with h5py.File(sys.argv[2]) as file:
        walk_h5py(file, variables)
    print(json.dumps(variables))
    sys.exit()

formats = sorted((ROOT / "formats").rglob("*"))
science = [p for p in sorted(ROOT.rglob("*.nc")) if "formats" not in p.parts]
save("reference-formats.json", reference(formats))
hostile = sorted((ROOT / "formats/malformed_hdf5").glob("*.h5"))
save("reference-hostile.json", {str(p.relative_to(ROOT)): read_hostile(p) for p in hostile})
save("reference-fields.json", reference([p for p in science if "soil" not in p.parts]))
save("reference-soil.json", reference([p for p in science if "soil" in p.parts]))


def make_parents():
    """Small files of ten kinds, whose mutants must not crash or hang a reader."""
    folder = OUT / "parents"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    for name, kind in [
        ("classic.nc", "NETCDF3_CLASSIC"),
        ("offset64.nc", "NETCDF3_64BIT_OFFSET"),
        ("data64.nc", "NETCDF3_64BIT_DATA"),
        ("packed.nc", "NETCDF4_CLASSIC"),
        ("groups.nc", "NETCDF4"),
    ]:
        with netCDF4.Dataset(folder / name, "w", format=kind) as ds:
            make_netcdf(ds, kind, rng)
    make_hdf5(folder, rng)


def make_netcdf(ds, kind, rng):
    ds.title = "parent"
    ds.createDimension("time", None)
    ds.createDimension("y", 6)
    ds.createDimension("x", 8)
    ds.createDimension("letter", 5)
    time = ds.createVariable("time", "f8", ("time",))
    time.units = "days since 2000-01-01"
    time[:] = np.arange(4)
    packed = ds.createVariable("t", "i2", ("time", "y", "x"), zlib=True, fill_value=-32768)
    packed.scale_factor, packed.add_offset = 0.01, 10.0
    packed[:] = np.ma.masked_less(rng.normal(10, 3, (4, 6, 8)), 5)
    ds.createVariable("m", "i1", ("y", "x"))[:] = rng.integers(0, 2, (6, 8))
    ds.createVariable("s", "S1", ("x", "letter"))[:] = np.full((8, 5), "a", "S1")
    ds.createVariable("d", "f8")[:] = 1.5
    if kind == "NETCDF3_64BIT_DATA":
        ds.createVariable("big", "u8", ("x",))[:] = np.arange(8, dtype="u8") << 60
    if kind == "NETCDF4":
        g = ds.createGroup("inner")
        g.createDimension("z", 3)
        g.createVariable("w", "f4", ("z", "x"), fletcher32=True, chunksizes=(2, 4))[:] = 2.0
        names = g.createVariable("names", str, ("z",))
        names[:] = np.array(["a", "öö", "ccc"], dtype=object)
        flag = ds.createEnumType(np.int8, "flag_t", {"sea": 0, "land": 1})
        ds.createVariable("flag", flag, ("x",))[:] = np.zeros(8, "i1")


def make_hdf5(folder, rng):
    data = rng.normal(size=(20, 30)).astype("f4")
    for name, libver in [("old.h5", "earliest"), ("new.h5", "latest")]:
        with h5py.File(folder / name, "w", libver=libver) as f:
            f.create_dataset("a", data=data, chunks=(7, 8), compression="gzip", shuffle=True)
            f.create_dataset("b", data=np.arange(10), maxshape=(None,), chunks=(4,), fillvalue=7)
            f.create_dataset("be", data=np.arange(6, dtype=">i4").reshape(2, 3))
            f.create_dataset("text", data=np.array(["x", "yy"], dtype=object), dtype=h5py.string_dtype())
            f.create_dataset("fixed", data=np.array([b"one", b"three"]))
            f["g/h/deep"] = np.ones(3)
            f["soft"] = h5py.SoftLink("/g/h/deep")
            f["loop"] = h5py.SoftLink("/loop")
            f["outside"] = h5py.ExternalLink("/etc/passwd", "/")
            f["g/up"] = f["g"]
            f["a"].attrs["units"] = "m s-1"
            f["a"].attrs["vec"] = np.arange(5)
    with h5py.File(folder / "scales.h5", "w") as f:
        for axis, n in [("y", 4), ("x", 5)]:
            f[axis] = np.arange(n, dtype="f8")
            f[axis].make_scale(axis)
        f["v"] = np.ones((4, 5))
        f["v"].dims[0].attach_scale(f["y"])
        f["v"].dims[1].attach_scale(f["x"])
    with h5py.File(folder / "compound.h5", "w") as f:
        kinds = np.dtype([("a", "i4"), ("b", "f8", (2,)), ("c", "S3")])
        f["c"] = np.zeros(4, kinds)
        f["r"] = np.array([f["c"].ref], dtype=h5py.ref_dtype)
        vlen = f.create_dataset("v", (3,), dtype=h5py.vlen_dtype("i4"))
        vlen[0], vlen[1] = [1, 2], [3]
        f["o"] = np.void(b"opaque")
    with h5py.File(folder / "many.h5", "w", userblock_size=512) as f:
        for i in range(40):
            f.create_dataset(f"d{i:02}", data=np.full(3, i)).attrs["i"] = i


make_parents()


def make_zarr():
    """The same two variables as Zarr v2 (by xarray) in a folder and a zip, and as v3 (by hand)."""
    import gzip
    import shutil
    import zipfile

    import xarray as xr

    root = OUT / "zarr"
    shutil.rmtree(root, ignore_errors=True)
    t = np.arange(24, dtype="f4").reshape(2, 3, 4)
    t[0, 0, 1] = np.nan
    packed = (("y", "x"), np.array([[1.5, 2.5, np.nan, 4.5]] * 3), {"units": "K"})
    ds = xr.Dataset(
        {"t": (("time", "y", "x"), t, {"units": "m s-1"}), "p": packed},
        {"time": ("time", [0, 1], {"units": "days since 2000-01-01", "calendar": "noleap"})},
        {"title": "zarr"},
    )
    encoding = {
        "t": {"chunks": (1, 2, 3)},
        "p": {"dtype": ">i2", "scale_factor": 0.5, "_FillValue": -1, "compressor": None},
    }
    ds.to_zarr(root / "v2", encoding=encoding)
    with zipfile.ZipFile(root / "v2.zip", "w", zipfile.ZIP_DEFLATED) as z:
        for path in sorted((root / "v2").rglob("*")):
            if path.is_file():
                z.write(path, "inner.zarr/" + str(path.relative_to(root / "v2")))
    v3 = root / "v3"
    (v3 / "t/c/0/0").mkdir(parents=True)
    (v3 / "t/c/1/0").mkdir(parents=True)
    group = {"zarr_format": 3, "node_type": "group", "attributes": {"title": "zarr"}}
    (v3 / "zarr.json").write_text(json.dumps(group))
    array = {
        "zarr_format": 3,
        "node_type": "array",
        "shape": [2, 3, 4],
        "data_type": "float32",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [1, 3, 2]}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": "NaN",
        "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "gzip", "configuration": {"level": 5}}],
        "dimension_names": ["time", "y", "x"],
        "attributes": {"units": "m s-1"},
    }
    (v3 / "t/zarr.json").write_text(json.dumps(array))
    for i in range(2):
        for j in range(2):
            chunk = np.ascontiguousarray(t[i : i + 1, :, 2 * j : 2 * j + 2])
            (v3 / f"t/c/{i}/0/{j}").write_bytes(gzip.compress(chunk.tobytes(), mtime=0))


make_zarr()
