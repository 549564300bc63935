"""Reference values for test/stats, made with numpy, scipy, statsmodels and scikit-learn.

Versions used: numpy 1.24.2, scipy 1.10.1, statsmodels 0.13.5, scikit-learn 1.2.1.
Run: python3 scripts/make-fixtures-stats.py
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import stats
from scipy.cluster import hierarchy
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso

OUT = Path(__file__).resolve().parents[1] / "test" / "fixtures" / "stats"
OUT.mkdir(parents=True, exist_ok=True)


def save(name, data):
    (OUT / f"{name}.json").write_text(json.dumps(data) + "\n")


def solve_exactly(a, b):
    rows = [list(r) + [x] for r, x in zip(a, b)]
    for i in range(len(rows)):
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for r in range(len(rows)):
            if r != i:
                rows[r] = [x - rows[r][i] * y for x, y in zip(rows[r], rows[i])]
    return [r[-1] for r in rows]


def exact_ols(x, y):
    """Normal equations in rational numbers: where the residual is tiny, statsmodels' own standard
    errors are off by up to 2e-9 and its slopes by 1e-8."""
    x = [[Fraction(1)] + [Fraction(v) for v in row] for row in x.tolist()]
    y = [Fraction(v) for v in y.tolist()]
    p = len(x[0])
    a = [[sum(r[i] * r[j] for r in x) for j in range(p)] for i in range(p)]
    params = solve_exactly(a, [sum(r[i] * v for r, v in zip(x, y)) for i in range(p)])
    rss = sum((v - sum(b * q for b, q in zip(params, r))) ** 2 for r, v in zip(x, y))
    df = len(y) - p
    units = [[Fraction(int(i == j)) for i in range(p)] for j in range(p)]
    bse = [math.sqrt(float(solve_exactly(a, u)[j] * rss / df)) for j, u in enumerate(units)]
    params = [float(v) for v in params]
    return params, bse, [2 * stats.t.sf(abs(b / e), df) for b, e in zip(params, bse)]


def ols():
    rng = np.random.default_rng(1)
    cases = []
    for n in (5, 6, 8, 25, 64):
        for noise in (1e-3, 0.1, 1.0, 50.0):
            sst = 15 + rng.normal(0, 1, n)
            dic = 2000 - 8 * sst + rng.normal(0, 5, n)
            alk = 2300 + 0.4 * (dic - 2000) + rng.normal(0, 4, n)
            y = 13 * sst + 1.4 * dic - 1.2 * alk + rng.normal(0, noise, n)
            x = np.column_stack([sst, dic, alk])
            fit = sm.OLS(y, sm.add_constant(x)).fit()
            params, bse, pvalues = fit.params.tolist(), fit.bse.tolist(), fit.pvalues.tolist()
            if noise == 1e-3:
                params, bse, pvalues = exact_ols(x, y)
            cases.append(
                dict(
                    columns=[sst.tolist(), dic.tolist(), alk.tolist()],
                    y=y.tolist(),
                    params=params,
                    bse=bse,
                    pvalues=pvalues,
                    rsquared=fit.rsquared,
                    reference="exact" if noise == 1e-3 else "statsmodels",
                )
            )
    save("ols", cases)


def student():
    cases = []
    for df in (1, 2, 3, 4, 5, 10, 21, 60, 500, 10000):
        for t in (0, 1e-8, 1e-3, 0.1, 0.5, 1, 2, 3, 5, 10, 30, 100):
            cases.append([t, df, 2 * stats.t.sf(t, df)])
    save("student", cases)


def linkage():
    rng = np.random.default_rng(2)
    cases = []
    for n, d in ((2, 3), (3, 1), (40, 2), (300, 3), (120, 5)):
        points = rng.normal(0, 1, (n, d)) * (1 + rng.integers(0, 3, (n, 1)))
        cases.append(
            dict(d=d, points=points.ravel().tolist(), z=hierarchy.linkage(points, "ward").ravel().tolist())
        )
    documented = np.array(
        [[0, 0], [0, 1], [1, 0], [0, 4], [0, 3], [1, 4], [4, 0], [3, 0], [4, 1], [4, 4], [3, 4], [4, 3]],
        float,
    )
    cases.append(
        dict(
            d=2,
            points=documented.ravel().tolist(),
            z=hierarchy.linkage(documented, "ward").ravel().tolist(),
            ties=True,
        )
    )
    save("linkage", cases)


def partition():
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(c, 0.7, (40, 3)) for c in (0, 2, 5)])
    labels = np.repeat([0, 1, 2], 40)
    guess = np.where(rng.random(120) < 0.2, rng.integers(0, 4, 120), labels)
    save(
        "partition",
        dict(
            points=points.ravel().tolist(),
            labels=labels.tolist(),
            guess=guess.tolist(),
            adjusted_rand=metrics.adjusted_rand_score(labels, guess),
            silhouette=metrics.silhouette_score(points, labels),
            silhouette_guess=metrics.silhouette_score(points, guess),
            inertia=[
                KMeans(k, n_init=50, random_state=0).fit(points).inertia_ for k in (1, 2, 3)
            ],
        ),
    )


def lasso():
    x, y = load_diabetes(return_X_y=True)
    fits = []
    for alpha in (1, 0.5, 0.1):
        fit = Lasso(alpha, tol=1e-14, max_iter=1_000_000).fit(x, y)
        fits.append(dict(alpha=alpha, coefficients=fit.coef_.tolist(), r2=fit.score(x, y)))
    save("lasso", dict(x=x.ravel().tolist(), y=y.tolist(), intercept=fit.intercept_, fits=fits))


lasso()
ols()
student()
linkage()
partition()
