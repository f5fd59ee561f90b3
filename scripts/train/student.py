"""The student: a small residual network for aligned faces of 112 px.

Plain convolutions instead of MobileFaceNet's depthwise ones, and a first layer that goes from 112 to 28 px at once: at the same
number of multiplications that trains about seven times as fast on a CPU (README.md, "Why not MobileFaceNet"), and a network that
sees seven times as many faces is the better one.
"""
import torch.nn as nn
import torch.nn.functional as F

FEATURES = 256
#: Of the last map, 7 × 7, before its places are gathered.
WIDE = 192


class Student(nn.Module):
    """RGB [N, 3, 112, 112], (byte − 127.5) / 128 → features [N, FEATURES], not normalised."""

    def __init__(self, widths=(48, 80, 128), blocks=(0, 2, 1)):
        super().__init__()
        stages = [normed(nn.Conv2d(3, widths[0], 8, 4, 2, bias=False)), nn.ReLU()]
        stages += [Block(widths[0]) for _ in range(blocks[0])]
        for inputs, width, count in zip(widths, widths[1:], blocks[1:]):
            stages += [conv(inputs, width, 3, 2), nn.ReLU(), *[Block(width) for _ in range(count)]]
        self.body = nn.Sequential(*stages, conv(widths[-1], WIDE, 1), nn.ReLU())
        self.gather = gather(WIDE)
        self.out = nn.Linear(WIDE, FEATURES)

    def forward(self, x):
        return self.out(self.gather(self.body(x)).flatten(1))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first, self.second = conv(width, width), conv(width, width)
        nn.init.zeros_(self.second[1].weight)  # begins as the identity

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


def conv(inputs, outputs, size=3, stride=1):
    return normed(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False))


def normed(layer):
    return nn.Sequential(layer, nn.BatchNorm2d(layer.out_channels))


def gather(width, side=7):
    """A weight for each place and channel (MobileFaceNet's global depthwise convolution): where in the face counts."""
    layer = nn.Conv2d(width, width, side, groups=width, bias=False)
    nn.init.constant_(layer.weight, 1 / side**2)
    return normed(layer)
