"""
Peers of notebook-cells.mjs: run a notebook with nbclient and print, as JSON, the seconds of its
cells; or, with `floor`, those that the kernel itself lets pass between two cells where the next one
waits already.
"""

import json
import resource
import sys
import time
from datetime import datetime

import nbformat
from nbclient import NotebookClient
from jupyter_client.manager import start_new_kernel


def at(date):
    return datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run(notebook):
    client = NotebookClient(notebook, kernel_name="python3", record_timing=True)
    with client.setup_kernel():
        client.kc.kernel_info()
        client.execute_cell(notebook.cells[0], 0)
        wall, cpu = time.perf_counter(), used()
        for index, cell in enumerate(notebook.cells[1:], 1):
            client.execute_cell(cell, index)
        wall, cpu = time.perf_counter() - wall, used() - cpu
        times = [cell.metadata.execution for cell in notebook.cells[1:]]
        busy = sum(at(t["iopub.status.idle"]) - at(t["iopub.status.busy"]) for t in times)
        return {"wall": wall - busy, "cpu": cpu}


def floor(notebook):
    manager, client = start_new_kernel(kernel_name="python3")
    cells = [client.execute(cell.source) for cell in notebook.cells]
    told = []
    while len(told) < 2 * len(cells):
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "status" and message["parent_header"].get("msg_id") in cells:
            told.append(message["header"]["date"].timestamp())
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return {"wall": sum(busy - idle for idle, busy in zip(told[1::2], told[2::2])), "cpu": 0}


notebook = nbformat.read(sys.argv[1], as_version=4)
print(json.dumps((floor if "floor" in sys.argv else run)(notebook)))
