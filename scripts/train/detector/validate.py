"""How the student does on scenes of held-out faces, measured as the product decides: score ≥ 0.6, overlap suppressed at 0.4."""

import numpy as np
import torch

from loss import cells_of
from teacher import boxes_of, faces_in, grid, overlap

SCORE_MIN = 0.6


@torch.no_grad()
def cell_values(net, images):
    """Scores [N, cells], geometry [N, cells, 14] of images [N, H, W, 3] BGR bytes."""
    values = cells_of(net(torch.from_numpy(images).permute(0, 3, 1, 2).float()))
    return values[..., :2].sigmoid().prod(2).sqrt().numpy(), values[..., 2:].numpy()


def points_of(geometry, cells):
    return (geometry[..., 4:].reshape(-1, 5, 2) + cells[:, None, :2]) * cells[:, None, 2:]


def validate(net, shards, score_min=SCORE_MIN, scenes_max=96):
    """The share of the teacher's faces that are found at IoU ≥ 0.5, false ones a scene, median landmark error / eye distance.
    @param scenes_max scenes of each shard"""
    net.eval()
    found = total = false = scenes = 0
    errors = []
    for shard in shards.shards.values():
        cells = grid(shard.size, shard.size)
        count = min(scenes_max, shard.count)
        for start in range(0, count, 16):
            images, scores, weights, geometry = shard.batch(range(start, min(start + 16, count)))
            for n, (s, g) in enumerate(zip(*cell_values(net, images))):
                own, theirs = boxes_of(g, cells), boxes_of(geometry[n], cells)
                kept, wanted = faces_in(s, own, score_min), faces_in(scores[n], theirs, SCORE_MIN)
                scenes, total = scenes + 1, total + len(wanted)
                meets = overlap(theirs[wanted], own[kept]) if kept and wanted else np.zeros((len(wanted), len(kept)))
                hit = meets.max(1, initial=0) >= 0.5
                found += int(hit.sum())
                near = overlap(own[kept], theirs[scores[n] > 0.1]).max(1, initial=0) < 0.3 if kept else np.zeros(0, bool)
                false += sum(1 for i, far in zip(kept, near) if far and weights[n, i] > 0)
                for k in np.flatnonzero(hit):
                    errors.append(point_error(g, geometry[n], cells, kept[meets[k].argmax()], wanted[k]))
    return {"found": found / total, "falsePerScene": false / scenes, "pointError": float(np.median(errors))}


def point_error(ours, theirs, cells, i, j):
    a, b = points_of(ours[i : i + 1], cells[i : i + 1])[0], points_of(theirs[j : j + 1], cells[j : j + 1])[0]
    return np.linalg.norm(a - b, axis=1).mean() / np.linalg.norm(b[0] - b[1])
