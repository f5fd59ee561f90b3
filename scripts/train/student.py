"""The student: a small residual network for aligned faces of 112 px.

Plain 3 × 3 convolutions instead of MobileFaceNet's depthwise ones: at the same number of multiplications they train five times
as fast on a CPU (bench.py), and a network that sees five times as many faces is the better one.
"""
import torch.nn as nn
import torch.nn.functional as F

FEATURES = 256


def conv(inputs, outputs, size=3, stride=1, groups=1):
    layer = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first, self.second = conv(width, width), conv(width, width)
        nn.init.zeros_(self.second[1].weight)  # begins as the identity

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


class Stage(nn.Sequential):
    """Halves the side, then refines."""

    def __init__(self, inputs, width, blocks):
        super().__init__(conv(inputs, width, 3, 2), nn.ReLU(), *[Block(width) for _ in range(blocks)])


class Student(nn.Module):
    """RGB [N, 3, 112, 112], (byte − 127.5) / 128 → features [N, FEATURES], not normalised."""

    def __init__(self, widths=(24, 48, 80, 128), blocks=(0, 1, 3, 2)):
        super().__init__()
        stages = [Stage(i, w, n) for i, w, n in zip((3, *widths), widths, blocks)]
        self.body = nn.Sequential(*stages)
        last = widths[-1]
        self.widen = conv(last, 192, 1)
        self.gather = conv_all(192)
        self.out = nn.Linear(192, FEATURES)

    def forward(self, x):
        x = F.relu(self.widen(self.body(x)))
        return self.out(self.gather(x).flatten(1))


def conv_all(width, side=7):
    """A weight for each place and channel (MobileFaceNet's global depthwise convolution): where in the face counts."""
    layer = nn.Conv2d(width, width, side, groups=width, bias=False)
    nn.init.constant_(layer.weight, 1 / side**2)
    return nn.Sequential(layer, nn.BatchNorm2d(width))
