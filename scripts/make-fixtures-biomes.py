"""Reference values for test/biomes: the adaptive cut written out slowly, as the paper describes it,
with whole feature stacks per node and numpy's variance.

Versions used: numpy 1.24.2, scipy 1.10.1. Run: python3 scripts/make-fixtures-biomes.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.cluster import hierarchy

OUT = Path(__file__).resolve().parents[1] / "test" / "fixtures" / "biomes"
OUT.mkdir(parents=True, exist_ok=True)


def stacks(z, x):
    """Rows of x under every node."""
    under = {i: [i] for i in range(len(x))}
    for row, (a, b, _, _) in enumerate(z):
        under[len(x) + row] = under[int(a)] + under[int(b)]
    return under


def cut(z, x, distance, variance):
    under, n = stacks(z, x), len(x)
    height = lambda node: z[node - n, 2] if node >= n else 0.0
    spread = lambda node: np.var(x[under[node]])
    clusters, left, right = [], [], []
    head = 2 * n - 2
    while head is not None:
        for side, pending in ((0, left), (1, right)):
            child = int(z[head - n, side])
            goes_on = (
                height(child) > 0
                and abs(height(head) - height(child)) > distance
                and abs(spread(head) - spread(child)) > variance
            )
            (pending if goes_on else clusters).append(child)
        head = left.pop() if left else right.pop() if right else None
    return clusters


def labels(z, x, clusters):
    under = stacks(z, x)
    found = np.empty(len(x), int)
    for k, node in enumerate(clusters):
        found[under[node]] = k
    names = {}
    return [names.setdefault(k, len(names)) for k in found.tolist()]


rng = np.random.default_rng(5)
centers = np.array([[-1, -1, 1], [0, 0.4, 0], [1.2, 1, -1.5], [2.5, -1, 0.3]])
x = np.concatenate([rng.normal(c, s, (m, 3)) for c, s, m in zip(centers, (0.3, 0.4, 0.5, 0.2), (120, 90, 60, 20))])
x = (x - x.mean(0)) / x.std(0, ddof=1)
z = hierarchy.linkage(x, "ward")
under = stacks(z, x)
cases = []
for distance in (1, 2, 4, 6, 10):
    for variance in (0.02, 0.1, 0.3):
        nodes = cut(z, x, distance, variance)
        cases.append(dict(distance=distance, variance=variance, labels=labels(z, x, nodes)))
cases_out = dict(
    points=x.ravel().tolist(),
    variances=[float(np.var(x[under[i]])) for i in range(2 * len(x) - 1)],
    cases=cases,
)
(OUT / "cut.json").write_text(json.dumps(cases_out) + "\n")
print([max(c["labels"]) + 1 for c in cases])
