"""scikit-learn's Lasso path and numpy's eigenvectors, in CPU time; one thread."""

import os
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from sklearn.linear_model import lasso_path

rng = np.random.default_rng(1)


def measure(name, run, repeats=5):
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    print(f"{name}: {', '.join(f'{s:.3f}' for s in seconds)} s")


x = rng.standard_normal((204, 500))
y = x[:, :10].sum(1) + rng.standard_normal(204)
measure("lasso_path, tol 1e-4", lambda: lasso_path(x - x.mean(0), y - y.mean(), n_alphas=100))
a = rng.standard_normal((1000, 1000))
a = a + a.T
measure("eigh, 1000", lambda: np.linalg.eigh(a))
