"""The carbonbook kernel against ipykernel, in pairs, with one and the same client.

Run: JUPYTER_PATH=$PWD /usr/bin/python3 bench/kernel-vs-ipykernel.py [rounds]
Prints one line per measure: ours, ipykernel's, and the ratio of the medians.
"""
import statistics
import sys
import time

from jupyter_client.manager import KernelManager


class Kernel:
    def __init__(self, name):
        start = time.perf_counter()
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(stderr=open("/dev/null", "w"))
        self.client = self.manager.client()
        self.client.start_channels()
        self.run("1 + 1")
        self.started = time.perf_counter() - start

    def run(self, code):
        """Time from the request to the idle status that follows its reply [s]."""
        start = time.perf_counter()
        request = self.client.execute(code)
        while True:
            reply = self.client.get_shell_msg(timeout=120)
            if reply["parent_header"].get("msg_id") == request:
                break
        replied = time.perf_counter() - start
        assert reply["content"]["status"] == "ok", reply["content"]
        return replied

    def run_to_idle(self, code):
        start = time.perf_counter()
        request = self.client.execute(code)
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            idle = message["content"].get("execution_state") == "idle"
            if idle and message["parent_header"].get("msg_id") == request:
                break
        took = time.perf_counter() - start
        self.client.get_shell_msg(timeout=120)
        return took

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def different_cells(kernel, declare):
    times = []
    for i in range(100):
        times.append(kernel.run(declare(i)))
        times.append(kernel.run(f"name{i} * 2 + {i}"))
    return statistics.median(times)


OURS = {
    "declare": lambda i: f"const name{i} = {i}",
    "lines": "for (let i = 0; i < 10000; i++) console.log(i)",
    "loop": "let s = 0; for (let i = 0; i < 1e8; i++) { s += i }",
    "again": "for (let i = 0; i < 1e8; i++) { s += i }",
}
PYTHON = {
    "declare": lambda i: f"name{i} = {i}",
    "lines": "for i in range(10000): print(i)",
    "loop": "s = 0\nfor i in range(100000000): s += i",
    "again": "for i in range(100000000): s += i",
}


def measure(name, code, heavy):
    kernel = Kernel(name)
    result = {"start to first execute_reply [s]": kernel.started}
    result["200 different cells, median round trip [s]"] = different_cells(kernel, code["declare"])
    kernel.run_to_idle(code["lines"])
    result["10,000 lines of stdout [s]"] = kernel.run_to_idle(code["lines"])
    if heavy:
        result["1e8 additions at top level [s]"] = kernel.run(code["loop"])
        result["1e8 additions, variable of an earlier cell [s]"] = kernel.run(code["again"])
    kernel.stop()
    return result


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ours, theirs = {}, {}
    for i in range(rounds):
        for name, code, into in (("carbonbook", OURS, ours), ("python3", PYTHON, theirs)):
            for what, value in measure(name, code, i == 0).items():
                into.setdefault(what, []).append(value)
    for what in ours:
        a, b = statistics.median(ours[what]), statistics.median(theirs[what])
        print(f"{what}: carbonbook {a:.4f}, ipykernel {b:.4f}, ratio {a / b:.2f}")


main()
