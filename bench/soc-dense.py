"""Dense LU of the 70 pools in numpy, the peer of bench/soc-steady.ts, on one thread.

OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 bench/soc-dense.py
"""
import time

import numpy as np

N, POOLS = 10, 7
rng = np.random.default_rng(0)
decay = rng.uniform(1e-5, 1e-2, POOLS * N)
exchange = rng.uniform(1e-6, 1e-5, N - 1)
thickness = np.geomspace(0.0175, 1.5, N)
source = np.concatenate([rng.uniform(0.1, 1, 4 * N), np.zeros(3 * N)])
transfers = [(0, 2, 0.76), (0, 3, 0.24), (1, 4, 0.45), (2, 4, 0.5), (3, 5, 0.5), (4, 5, 0.3),
             (4, 6, 0.01), (5, 4, 0.42), (5, 6, 0.03), (6, 4, 0.45)]
below = np.zeros((N, N))
for i in range(N - 1):
    below[i, i] += exchange[i] / thickness[i]
    below[i, i + 1] -= exchange[i] / thickness[i]
    below[i + 1, i + 1] += exchange[i] / thickness[i + 1]
    below[i + 1, i] -= exchange[i] / thickness[i + 1]
layers = np.arange(N)


def assemble():
    matrix = np.diag(decay)
    for start, end, fraction in transfers:
        matrix[end * N + layers, start * N + layers] -= fraction * decay[start * N + layers]
    for pool in range(1, POOLS):
        block = slice(pool * N, (pool + 1) * N)
        matrix[block, block] += below
    return matrix


def best(run, times=2000, repeats=5):
    took = []
    for _ in range(repeats):
        before = time.process_time()
        for _ in range(times):
            run()
        took.append((time.process_time() - before) / times)
    return 1e6 * min(took)


matrix = assemble()
print(f"dense LU of given matrix: {best(lambda: np.linalg.solve(matrix, source)):.1f} µs")
print(f"assembly and dense LU: {best(lambda: np.linalg.solve(assemble(), source)):.1f} µs")
