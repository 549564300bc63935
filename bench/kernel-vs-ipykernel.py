"""The carbonbook kernel against ipykernel, in pairs, with one and the same client.

Run: JUPYTER_PATH=$PWD /usr/bin/python3 bench/kernel-vs-ipykernel.py [rounds] [light]
Prints one line per measure: by the clock and in processor time of the kernel's process, ours,
ipykernel's, and the median of the ratios of the pairs. Linux only.
"""
import os
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
        self.started = time.perf_counter() - start, self.processor()

    def processor(self):
        """Processor time of the kernel's process so far [s]."""
        with open(f"/proc/{self.manager.provisioner.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def both(self, measure, *args):
        """By the clock, as `measure` returns it, and in processor time."""
        before = self.processor()
        clock = measure(*args)
        return clock, self.processor() - before

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
    "lines": lambda i: f"for (let {i} = 0; {i} < 10000; {i}++) console.log({i})",
    "loop": "let s = 0; for (let i = 0; i < 1e8; i++) { s += i }",
    "again": "for (let i = 0; i < 1e8; i++) { s += i }",
}
PYTHON = {
    "declare": lambda i: f"name{i} = {i}",
    "lines": lambda i: f"for {i} in range(10000): print({i})",
    "loop": "s = 0\nfor i in range(100000000): s += i",
    "again": "for i in range(100000000): s += i",
}


def measure(name, code, heavy):
    kernel = Kernel(name)
    result = {"start to first execute_reply": kernel.started}
    result["200 different cells (median round trip; processor: all)"] = kernel.both(
        different_cells, kernel, code["declare"]
    )
    kernel.run_to_idle("1 + 1")  # and all that came before it is read
    for which, name in (("first time", "i"), ("a like cell after it", "k"), ("that cell again", "k")):
        result[f"10,000 lines of stdout, {which}"] = kernel.both(kernel.run_to_idle, code["lines"](name))
    if heavy:
        result["1e8 additions at top level"] = kernel.both(kernel.run, code["loop"])
        result["1e8 additions, variable of an earlier cell"] = kernel.both(kernel.run, code["again"])
    kernel.stop()
    return result


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    heavy = "light" not in sys.argv
    ours, theirs = {}, {}
    for i in range(rounds):
        for name, code, into in (("carbonbook", OURS, ours), ("python3", PYTHON, theirs)):
            for what, value in measure(name, code, heavy and i == 0).items():
                into.setdefault(what, []).append(value)
    for what in ours:
        for kind, k in (("clock", 0), ("processor", 1)):
            a, b = ([pair[k] for pair in side[what]] for side in (ours, theirs))
            ratio = statistics.median(x / max(y, 0.01 * k) for x, y in zip(a, b))
            middle = statistics.median(a), statistics.median(b)
            print(f"{what}, {kind} [s]: carbonbook {middle[0]:.4f}, ipykernel {middle[1]:.4f}, ratio {ratio:.2f}")
    print("load", *(f"{x:.1f}" for x in os.getloadavg()))


main()
