"""Run a notebook with nbclient and print, as JSON, the seconds of its cells (peer of notebook-cells.mjs)."""

import datetime
import json
import resource
import sys
import time

import nbformat
from nbclient import NotebookClient


def at(date):
    return datetime.datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()


notebook = nbformat.read(sys.argv[1], as_version=4)
client = NotebookClient(notebook, kernel_name="python3", record_timing=True)
with client.setup_kernel():
    client.kc.kernel_info()
    client.execute_cell(notebook.cells[0], 0)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    wall, cpu = time.perf_counter(), usage.ru_utime + usage.ru_stime
    for index, cell in enumerate(notebook.cells[1:], 1):
        client.execute_cell(cell, index)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    wall, cpu = time.perf_counter() - wall, usage.ru_utime + usage.ru_stime - cpu
    times = [cell.metadata.execution for cell in notebook.cells[1:]]
    busy = sum(at(t["iopub.status.idle"]) - at(t["iopub.status.busy"]) for t in times)
    print(json.dumps({"wall": wall - busy, "cpu": cpu}))
