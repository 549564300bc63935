"""Make the PyTorch fixtures of test/fixtures/learn (Debian's python3-torch 1.13, float32, 1 thread).

Each file holds one training run: start weights, one batch, loss, gradients and output of the first
step, and the losses and weights after 20 Adam steps. Arrays are base64 of little-endian float32.

The U-Net's maps have 1e-2 added before they are normalised, and not the papers' 1e-10: with 1e-10
PyTorch's own float32 run is 1e-3 to 3e-2 from its float64 run after 20 steps (roots of nearly
nothing), so no other program can be held to 1e-4 there. With 1e-2 and this seed it is 6e-7.

optimisers.json: the perceptron from the start weights of mlp.json, weights after 20 steps of the other
optimisers, with weight decay and clipped gradients.

Run: /usr/bin/python3 scripts/make-fixtures-learn.py
"""

import base64
import json
import pathlib

import numpy as np
import torch
from learn_networks import Mlp, Unet, bhattacharyya
from torch.nn import functional as F

torch.set_num_threads(1)
FOLDER = pathlib.Path(__file__).parent.parent / "test" / "fixtures" / "learn"


def packed(tensor):
    array = np.ascontiguousarray(tensor.detach().numpy(), dtype="<f4")
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def ours(name):
    name = name.removeprefix("layers.")
    return name.replace("running_mean", "mean").replace("running_var", "variance")


def run(model, batch, loss_of, betas):
    named = lambda: {ours(n): packed(t) for n, t in model.state_dict().items() if t.ndim > 0}
    start = named()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, betas=betas)
    losses = []
    for step in range(20):
        output = model(batch["x"])
        loss = loss_of(output, batch)
        optimiser.zero_grad()
        loss.backward()
        if step == 0:
            first_output = packed(output)
            gradients = {ours(n): packed(p.grad) for n, p in model.named_parameters()}
        optimiser.step()
        losses.append(loss.item())
    model.eval()
    evaluated = packed(model(batch["x"]))
    return {
        "torch": torch.__version__,
        "batch": {name: packed(t) for name, t in batch.items()},
        "start": start,
        "output": first_output,
        "gradients": gradients,
        "losses": losses,
        "end": named(),
        "evaluated": evaluated,
    }


def write(name, case):
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(case) + "\n")


def maps_of(n, maps, size):
    target = torch.rand(n, maps, size, size) ** 4
    return target / target.sum((2, 3), keepdim=True)


torch.manual_seed(0)
unet = Unet(channels=3, widths=[4, 6, 8], kernel=3, maps=2, epsilon=1e-2)
images = {
    "x": torch.randn(4, 3, 12, 12),
    "filtered": maps_of(4, 2, 12),
    "raw": maps_of(4, 2, 12),
}
mixed = lambda p, b: 0.8 * bhattacharyya(p, b["filtered"]) + 0.2 * bhattacharyya(p, b["raw"])
write("unet", run(unet, images, mixed, (0.5, 0.999)))

perceptron = Mlp([3, 16, 12, 4])
classes = torch.randint(0, 4, (20,))
rows = {"x": torch.randn(20, 3), "y": F.one_hot(classes, 4).float()}
entropy = lambda logits, b: F.cross_entropy(logits, b["y"])
write("mlp", run(perceptron, rows, entropy, (0.9, 0.999)))
# The trained perceptron, as PyTorch exports it; its answer to rows["x"] is "evaluated" in mlp.json.
torch.onnx.export(
    perceptron,
    (rows["x"],),
    FOLDER / "torch-mlp.onnx",
    input_names=["rows"],
    output_names=["logits"],
    dynamic_axes={"rows": {0: "n"}, "logits": {0: "n"}},
    opset_version=13,
)

OPTIMISERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.01),
    "adadelta": lambda p: torch.optim.Adadelta(p, lr=1.0, rho=0.9, weight_decay=0.01),
}


def steps_of(make, clip):
    """Weights after 20 steps; clip bounds the norm of the gradient, where it is given."""
    case = json.loads((FOLDER / "mlp.json").read_text())
    unpacked = lambda a: torch.tensor(
        np.frombuffer(base64.b64decode(a["data"]), dtype="<f4").reshape(a["shape"])
    )
    model = Mlp([3, 16, 12, 4])
    model.load_state_dict({f"layers.{n}": unpacked(a) for n, a in case["start"].items()})
    x, y = (unpacked(case["batch"][name]) for name in "xy")
    optimiser = make(model.parameters())
    for _ in range(20):
        optimiser.zero_grad()
        F.cross_entropy(model(x), y).backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimiser.step()
    return {ours(n): packed(t) for n, t in model.state_dict().items()}


ends = {name: steps_of(make, None) for name, make in OPTIMISERS.items()}
write("optimisers", {**ends, "clipped": steps_of(OPTIMISERS["sgd"], 0.2)})
