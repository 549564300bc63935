"""Reference values of cubic interpolation, by scipy and xarray: made-up values, and real maps.

Run: CARBONBOOK_DATA_MIRROR=... /usr/bin/python3 scripts/make-fixtures-satellite.py
The mirror holds `satellite/ssh` and `satellite/sst`, as data-manifest.json names them.
Made with scipy 1.10.1 and xarray 2023.1.0; the numbers do not depend on the version.
"""

import json
import os
from pathlib import Path

import numpy as np
import scipy
import xarray
from scipy.interpolate import RectBivariateSpline

rng = np.random.default_rng(2025)
x = np.cumsum(rng.uniform(0.5, 1.5, 12))
y = np.cumsum(rng.uniform(0.5, 1.5, 9))
values = rng.normal(size=(9, 12))
xi = np.sort(rng.uniform(x[0], x[-1], 7))
yi = np.sort(rng.uniform(y[0], y[-1], 5))
spline = RectBivariateSpline(y, x, values, kx=3, ky=3)(yi, xi)
array = xarray.DataArray(values, coords={"y": y, "x": x}, dims=("y", "x"))
by_axes = array.interp(y=yi, method="cubic").interp(x=xi, method="cubic").values

out = Path(__file__).parent.parent / "test" / "fixtures" / "catchment"
out.mkdir(parents=True, exist_ok=True)
content = {
    "versions": {"scipy": scipy.__version__, "xarray": xarray.__version__},
    "x": x.tolist(),
    "y": y.tolist(),
    "values": values.ravel().tolist(),
    "xi": xi.tolist(),
    "yi": yi.tolist(),
    "scipy": spline.ravel().tolist(),
    "xarray": by_axes.ravel().tolist(),
}
(out / "cubic.json").write_text(json.dumps(content) + "\n")


# Real maps on the cells of a box, as `regrid` has them: where pixels are finer than cells, a cell is the
# mean over as many points along each side as there are pixels across it. xarray sees the pixels that
# `regrid` cuts out, four more on each side; scipy sees eight.
DEGREE = 111_195
SAMPLES = os.environ["CARBONBOOK_DATA_MIRROR"] + "/satellite/"
BOXES = {
    "mediterranean": {
        "file": "ssh/dt_med_allsat_phy_l4_2005T2.nc",
        "variable": "adt",
        "index": 45,
        "box": {"longitude": 6.3, "latitude": 38.7, "n": 8, "dx": 16_000},
    },
    "ostia": {
        "file": "sst/20170605120000-UKMO-L4_GHRSST-SSTfnd-OSTIAanom-GLOB-v02.0-fv02.0.nc",
        "variable": "analysed_sst",
        "index": 0,
        "box": {"longitude": -16.5, "latitude": 49.0, "n": 8, "dx": 16_000},
    },
}


def axes(box, parts):
    n, dx = box["n"] * parts, box["dx"] / parts
    offset = (np.arange(n) + 0.5 - n / 2) * dx / DEGREE
    return box["longitude"] + offset / np.cos(np.radians(box["latitude"])), box["latitude"] + offset


def cells(values, parts):
    n = values.shape[0] // parts
    return values.reshape(n, parts, n, parts).mean(axis=(1, 3))


def around(axis, inner, more):
    step = (axis[-1] - axis[0]) / (len(axis) - 1)
    first = int(np.floor((inner[0] - axis[0]) / step)) - more
    return slice(first, first + int(np.ceil((inner[-1] - inner[0]) / step)) + 1 + 2 * more)


content = {"versions": {"scipy": scipy.__version__, "xarray": xarray.__version__}}
for name, case in BOXES.items():
    box = case["box"]
    middles = axes(box, 1)
    with xarray.open_dataset(SAMPLES + case["file"], decode_times=False) as data:
        field = data[case["variable"]].isel(time=case["index"])
        lat, lon = field.dims
        x, y = data[lon].values.astype("float64"), data[lat].values.astype("float64")
        turn = 360 if middles[0][0] < x[0] else 0  # maps that count from Greenwich eastwards
        narrow, wide = (
            field.isel({lat: around(y, middles[1], more), lon: around(x, middles[0] + turn, more)})
            .load()
            .astype("float32")
            .astype("float64")
            - (273.15 if name == "ostia" else 0)
            for more in (4, 8)
        )
    assert not np.isnan(wide.values).any(), name
    shrink = np.cos(np.radians(box["latitude"]))
    pixel = DEGREE * min((y[-1] - y[0]) / (len(y) - 1), (x[-1] - x[0]) / (len(x) - 1) * shrink)
    parts = max(1, int(np.ceil(box["dx"] / pixel - 0.01)))
    xi, yi = axes(box, parts)
    xi = xi + turn
    spline = RectBivariateSpline(wide[lat], wide[lon], wide.values, kx=3, ky=3)(yi, xi)
    by_axes = narrow.interp({lat: yi}, method="cubic").interp({lon: xi}, method="cubic").values
    content[name] = {
        **{key: case[key] for key in ("file", "variable", "index", "box")},
        "parts": parts,
        "scipy": np.round(cells(spline, parts), 7).ravel().tolist(),
        "xarray": np.round(cells(by_axes, parts), 7).ravel().tolist(),
    }
(out / "real-maps.json").write_text(json.dumps(content) + "\n")
