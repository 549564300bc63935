"""The networks of lib/learn in PyTorch, for fixtures and benchmarks."""

import torch
from torch import nn
from torch.nn import functional as F


class Unet(nn.Module):
    """The U-Net of Picard et al. (2024) with other widths, named as `unet` names its layers."""

    def __init__(self, channels, widths, kernel, maps, epsilon):
        super().__init__()
        self.widths = widths
        self.epsilon = epsilon
        self.layers = nn.ModuleDict()
        pad = (kernel - 1) // 2

        def block(name, before, width):
            self.layers[f"{name}a"] = nn.Conv2d(before, width, kernel, padding=pad, bias=False)
            self.layers[f"{name}a-norm"] = nn.BatchNorm2d(width)
            self.layers[f"{name}b"] = nn.Conv2d(width, width, kernel, padding=pad, bias=False)
            self.layers[name] = nn.BatchNorm2d(width)

        for level, width in enumerate(widths):
            block(f"down{level + 1}", channels if level == 0 else widths[level - 1], width)
        for level in range(len(widths) - 1, 0, -1):
            width = widths[level - 1]
            self.layers[f"rise{level}"] = nn.ConvTranspose2d(widths[level], width, 2, stride=2)
            block(f"up{level}", 2 * width, width)
        self.layers["maps"] = nn.Conv2d(widths[0], maps, kernel, padding=pad, bias=False)

    def block(self, name, x):
        x = self.layers[f"{name}a-norm"](F.relu(self.layers[f"{name}a"](x)))
        return self.layers[name](self.layers[f"{name}b"](x))

    def forward(self, x):
        skips = []
        for level in range(1, len(self.widths) + 1):
            x = self.block(f"down{level}", x if level == 1 else F.max_pool2d(x, 2))
            skips.append(x)
        for level in range(len(self.widths) - 1, 0, -1):
            x = torch.cat([skips[level - 1], self.layers[f"rise{level}"](x)], 1)
            x = self.block(f"up{level}", x)
        x = F.relu(self.layers["maps"](x)) + self.epsilon
        return x / x.sum((2, 3), keepdim=True)


class Mlp(nn.Module):
    def __init__(self, sizes, dropout=0.0):
        super().__init__()
        self.dropout = dropout
        pairs = zip(sizes[:-1], sizes[1:])
        self.layers = nn.ModuleDict(
            {f"dense{i + 1}": nn.Linear(a, b) for i, (a, b) in enumerate(pairs)}
        )

    def forward(self, x):
        last = len(self.layers)
        for i, layer in enumerate(self.layers.values()):
            x = layer(x) if i + 1 == last else F.relu(layer(x))
            if self.dropout > 0 and i + 1 < last:
                x = F.dropout(x, self.dropout, self.training)
        return x


def bhattacharyya(p, q):
    return (1 - (p * q + 1e-30).sqrt().sum((2, 3))).mean()
