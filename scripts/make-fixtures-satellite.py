"""Reference values of cubic interpolation, by scipy and xarray.

Run: /usr/bin/python3 scripts/make-fixtures-satellite.py
Made with scipy 1.10.1 and xarray 2023.1.0; the numbers do not depend on the version.
"""

import json
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
