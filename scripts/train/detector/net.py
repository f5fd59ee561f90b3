"""The student: YuNet's outputs and decoding from another, smaller body that a CPU trains and runs faster.

Input [N, 3, H, W] float32 BGR bytes 0..255, H and W multiples of 32. For each stride s of 8, 16, 32, cells row by row:
cls_s and obj_s [N, cells, 1] in 0..1, bbox_s [N, cells, 4], kps_s [N, cells, 10]. Decoding: src/engines/face/yunet.ts.
"""

import torch
from torch import nn
from torch.nn import functional as F

STRIDES = (8, 16, 32)
CHANNELS = 64
REFINER_CHANNELS = 32
VALUES = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
# A cell is a face about once in a hundred: the bias that says so spares the first steps (Lin et al., "Focal Loss", 2017).
PRIOR_LOGIT = -4.6


def conv(inputs, outputs, stride):
    """A dense 3 × 3 convolution: at few channels it is faster on a CPU than a depthwise pair, in training and in onnxruntime."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Separable(nn.Module):
    """YuNet's unit (1 × 1, then depthwise 3 × 3) with a way around it."""

    def __init__(self, channels):
        super().__init__()
        self.point = nn.Conv2d(channels, channels, 1, bias=False)
        self.depth = nn.Conv2d(channels, channels, 3, 1, 1, groups=channels, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return F.relu(x + self.norm(self.depth(self.point(x))))


class Narrow(nn.Module):
    """The same unit to fewer channels, without the way around."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.point = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.depth = nn.Conv2d(outputs, outputs, 3, 1, 1, groups=outputs, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.norm(self.depth(self.point(x))))


class Head(nn.Module):
    """All 16 values of a cell from one pair of convolutions; landmarks are refined by a narrow branch of their own."""

    def __init__(self):
        super().__init__()
        count = sum(VALUES.values())
        self.mix = Separable(CHANNELS)
        self.point = nn.Conv2d(CHANNELS, count, 1)
        self.depth = nn.Conv2d(count, count, 3, 1, 1, groups=count)
        nn.init.constant_(self.depth.bias[:2], PRIOR_LOGIT)
        self.narrow = Narrow(CHANNELS, REFINER_CHANNELS)
        self.refine = nn.Conv2d(REFINER_CHANNELS, VALUES["kps"], 1)
        nn.init.zeros_(self.refine.weight)  # begins as a head without the branch
        nn.init.zeros_(self.refine.bias)

    def forward(self, x):
        mixed, narrow = self.mix(x), self.narrow(x)
        with torch.autocast("cpu", enabled=False):  # bfloat16 has 8 bits: too few for a landmark
            values = self.depth(self.point(mixed.float()))
            others, points = values.split((values.shape[1] - VALUES["kps"], VALUES["kps"]), 1)
            return torch.cat([others, points + self.refine(narrow.float())], 1)


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 16, 2), conv(16, 32, 2), Separable(32), conv(32, CHANNELS, 2))
        self.levels = nn.ModuleList(
            nn.Sequential(*(Separable(CHANNELS) for _ in range(count))) for count in (2, 2, 3)
        )
        self.necks = nn.ModuleList(Separable(CHANNELS) for _ in STRIDES)
        self.heads = nn.ModuleList(Head() for _ in STRIDES)

    def forward(self, images):
        """Raw values per level [N, 16, H/s, W/s]: logits of cls and obj, then bbox, then kps."""
        x = self.stem((images - 127.5) / 64)
        features = []
        for i, level in enumerate(self.levels):
            x = level(F.max_pool2d(x, 2) if i else x)
            features.append(x)
        above = None
        outputs = []
        for i in (2, 1, 0):
            here = features[i] if above is None else features[i] + F.interpolate(above, scale_factor=2.0)
            above = self.necks[i](here)
            outputs.insert(0, self.heads[i](above))
        return outputs


def by_name(outputs):
    """YuNet's twelve tensors from the raw levels."""
    named = {}
    for stride, raw in zip(STRIDES, outputs):
        cells = raw.flatten(2).transpose(1, 2)
        for name, values in zip(VALUES, cells.split(list(VALUES.values()), dim=2)):
            named[f"{name}_{stride}"] = values.sigmoid() if name in ("cls", "obj") else values
    return named


def parameter_count(net):
    return sum(p.numel() for p in net.parameters())
