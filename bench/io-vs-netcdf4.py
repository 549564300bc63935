"""Compare bench/io-scan.mjs with netCDF4-python, in interleaved pairs of fresh processes.

    /usr/bin/python3 bench/io-vs-netcdf4.py SSH_FILE BIG_FILE [PAIRS]

SSH_FILE holds adt(time, latitude, longitude); BIG_FILE holds a(t, y, x), 64 x 2048 x 2048 float32,
chunks (1, 512, 2048), deflate 1 and shuffle (`--make BIG_FILE` writes it). Both sides read the stored
numbers, a step of the first dimension at a time; the slice is ten steps of 512 x 512.
"""

import json
import pathlib
import statistics
import subprocess
import sys

PAIRS = int(sys.argv[3]) if sys.argv[3:] else 5
SCAN = pathlib.Path(__file__).with_name("io-scan.mjs")
PEER = """
import json, resource, sys, time, netCDF4
path, name, part = sys.argv[1:4]
passes = []
for _ in range(5 if part == "warm" else 1):
    dataset = netCDF4.Dataset(path)
    v = dataset[name]
    v.set_auto_maskandscale(False)
    cpu, start, values = time.process_time(), time.perf_counter(), 0
    if part == "slice":
        values = v[3:13, :512, :512].size
    else:
        for k in range(v.shape[0]):
            values += v[k].size
    passes.append((time.perf_counter() - start, time.process_time() - cpu))
    dataset.close()  # else the next pass finds its chunks in this one's cache
seconds, cpu = (sorted(p)[len(p) // 2] for p in zip(*(passes[1:] or passes)))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"values": values, "seconds": seconds, "cpu": cpu, "peakMiB": peak}))
"""


def run(command):
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def compare(title, path, name, workers, part):
    ours, peers = [], []
    for _ in range(PAIRS):
        ours.append(run(["node", SCAN, path, name, str(workers), part]))
        peers.append(run([sys.executable, "-c", PEER, path, name, part]))
    assert ours[0]["values"] == peers[0]["values"]
    wall = statistics.median(p["seconds"] / o["seconds"] for o, p in zip(ours, peers))
    cpu = statistics.median(p["cpu"] / o["cpu"] for o, p in zip(ours, peers))
    best = min(o["seconds"] for o in ours), min(p["seconds"] for p in peers)
    peak = max(o["peakMiB"] for o in ours), max(p["peakMiB"] for p in peers)
    print(f"{title}: throughput / peer's, median of {PAIRS} pairs: wall {wall:.2f}, cpu {cpu:.2f};"
          f" best {best[0]:.3f} s, peer {best[1]:.3f} s; peak {peak[0]} MiB, peer {peak[1]} MiB", flush=True)


def make(path):
    import netCDF4
    import numpy as np

    base = np.random.default_rng(1).normal(size=(2048, 2048)).astype("f4").cumsum(1).round(2)
    with netCDF4.Dataset(path, "w") as ds:
        for name, size in [("t", 64), ("y", 2048), ("x", 2048)]:
            ds.createDimension(name, size)
        v = ds.createVariable("a", "f4", ("t", "y", "x"), zlib=True, complevel=1, chunksizes=(1, 512, 2048))
        for k in range(64):
            v[k] = base + k


if sys.argv[1] == "--make":
    make(sys.argv[2])
else:
    ssh, big = sys.argv[1:3]
    compare("91-day SSH file, one thread, cold process", ssh, "adt", 1, "all")
    compare("91-day SSH file, one thread, read before", ssh, "adt", 1, "warm")
    compare("10 MB slice of the 1 GB file", big, "a", 1, "slice")
    compare("1 GB file, one thread", big, "a", 1, "all")
    compare("1 GB file, two workers", big, "a", 2, "all")
