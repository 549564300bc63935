"""The PyTorch side of learn-vs-torch.ts: one training step for each line on stdin.

Prints one line per step: wall seconds, processor seconds. At the end of input prints the peak memory
in MB. Usage: learn-vs-torch.py CASE BATCH THREADS STEPS_PER_LINE DROPOUT OPTIMISER
"""

import importlib.util
import pathlib
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

spec = importlib.util.spec_from_file_location(
    "networks", pathlib.Path(__file__).parent.parent / "scripts" / "learn_networks.py"
)
networks = importlib.util.module_from_spec(spec)
spec.loader.exec_module(networks)

case, batch, threads, repeat = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
dropout, rule = float(sys.argv[5]), sys.argv[6]
torch.set_num_threads(threads)
torch.manual_seed(1)

if case == "unet":
    model = networks.Unet(channels=28, widths=[64, 128, 256], kernel=5, maps=8, epsilon=1e-10)
    x = torch.rand(batch, 28, 100, 100) - 0.5
    targets = [torch.full((batch, 8, 100, 100), 1e-4) for _ in range(2)]
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))

    def loss_of(p):
        parts = [networks.bhattacharyya(p, q) for q in targets]
        return 0.8 * parts[0] + 0.2 * parts[1]

else:
    sizes = [int(n) for n in case.split("-")]
    model = networks.Mlp(sizes, dropout)
    x = torch.rand(batch, sizes[0])
    y = torch.rand(batch, sizes[-1])
    make = {"adam": torch.optim.Adam, "adadelta": torch.optim.Adadelta}[rule]
    optimiser = make(model.parameters(), lr=1e-3)

    def loss_of(p):
        return F.mse_loss(p, y)


def step():
    loss = loss_of(model(x))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeat):
        step()
    print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
