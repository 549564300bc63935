"""Ward on n points in 3 dimensions with fastcluster and scipy: CPU seconds and peak memory.

Run: /usr/bin/python3 bench/stats-ward-peers.py (peers from Debian: fastcluster 1.2.3, scipy 1.10.1).
"""

import os
import resource
import time

import fastcluster
import numpy as np
from scipy.cluster import hierarchy

n = int(os.environ.get("N", 10725))
points = np.random.default_rng(0).standard_normal((n, 3))


def measure(name, run):
    start = time.process_time()
    run()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}, n {n}: {seconds:.3f} s CPU, peak memory so far {peak:.0f} MB")


measure("fastcluster linkage_vector", lambda: fastcluster.linkage_vector(points, method="ward"))
measure("fastcluster linkage_vector", lambda: fastcluster.linkage_vector(points, method="ward"))
if n < 20000 and not os.environ.get("FAST"):
    measure("scipy linkage", lambda: hierarchy.linkage(points, "ward"))
