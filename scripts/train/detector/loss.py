"""
What the student is taught in each cell: the teacher's score as a soft target (binary cross-entropy), and, where the teacher sees
a face, weighted by its score, the box (EIoU, Zhang et al. 2021, and differences relative to the face's size) and the landmarks.
"""

import torch
from torch.nn import functional as F

from net import STRIDES

# Differences count linearly above, squared below; as shares of the face's size.
BOX_BEND, POINT_BEND = 0.05, 0.01
WEIGHTS = {"score": 1.0, "eiou": 1.0, "box": 4.0, "points": 240.0}


def cells_of(outputs):
    """Raw levels [N, 16, h, w] to [N, cells, 16]."""
    return torch.cat([raw.flatten(2).transpose(1, 2) for raw in outputs], 1).float()


def strides_of(outputs):
    return torch.cat([torch.full((raw.shape[2] * raw.shape[3],), float(s)) for s, raw in zip(STRIDES, outputs)])


def distillation(outputs, scores, weights, geometry):
    """@returns the loss, its parts by name"""
    values = cells_of(outputs)
    norm = scores.sum().clamp(min=1)
    target = scores[..., None].expand(-1, -1, 2)
    score = F.binary_cross_entropy_with_logits(values[..., :2], target, reduction="none").sum(2)
    face = scores > 0.1
    share = scores[face] / norm
    ours, theirs = values[..., 2:][face], geometry[face]
    size = torch.exp(theirs[:, 2:4].sum(1, keepdim=True) / 2)  # the face's mean side in cells
    box = torch.cat([(ours[:, :2] - theirs[:, :2]) / size, ours[:, 2:4] - theirs[:, 2:4]], 1)
    points = (ours[:, 4:] - theirs[:, 4:]) / size
    parts = {
        "score": (score * weights).sum() / norm,
        "eiou": (eiou(ours[:, :4], theirs[:, :4]) * share).sum(),
        "box": (bent(box, BOX_BEND).mean(1) * share).sum(),
        "points": (bent(points, POINT_BEND).mean(1) * share).sum(),
    }
    return sum(WEIGHTS[name] * part for name, part in parts.items()), parts


def bent(difference, bend):
    return F.smooth_l1_loss(difference, torch.zeros_like(difference), reduction="none", beta=bend)


def eiou(ours, theirs):
    """1 − IoU + squared distance of centres, widths and heights as shares of the enclosing box. Raw boxes [N, 4]."""
    size_a, size_b = ours[:, 2:].clamp(-4, 5).exp(), theirs[:, 2:].exp()
    low_a, high_a = ours[:, :2] - size_a / 2, ours[:, :2] + size_a / 2
    low_b, high_b = theirs[:, :2] - size_b / 2, theirs[:, :2] + size_b / 2
    shared = (torch.minimum(high_a, high_b) - torch.maximum(low_a, low_b)).clamp(min=0).prod(1)
    iou = shared / (size_a.prod(1) + size_b.prod(1) - shared + 1e-6)
    around = torch.maximum(high_a, high_b) - torch.minimum(low_a, low_b)
    apart = (ours[:, :2] - theirs[:, :2]).square().sum(1) / around.square().sum(1)
    return 1 - iou + apart + ((size_a - size_b) / around).square().sum(1)
