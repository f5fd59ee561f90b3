"""YuNet, the teacher: its values in every cell of an image, and its faces."""

import numpy as np
import onnxruntime as ort

from net import STRIDES, VALUES


class Teacher:
    def __init__(self, path, threads=1):
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.names = [f"{name}_{stride}" for stride in STRIDES for name in VALUES]

    def cells(self, images):
        """
        Images [N, H, W, 3] BGR bytes, H and W multiples of 32, to scores [N, cells] and geometry [N, cells, 14]
        (bbox 4, kps 10, raw), the cells of stride 8 first. Score = √(cls · obj).
        """
        planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2), np.float32)
        outputs = dict(zip(self.names, self.session.run(self.names, {"input": planes})))
        values = {name: np.concatenate([outputs[f"{name}_{s}"] for s in STRIDES], 1) for name in VALUES}
        scores = np.sqrt(np.clip(values["cls"], 0, 1) * np.clip(values["obj"], 0, 1))[..., 0]
        return scores, np.concatenate([values["bbox"], values["kps"]], 2)


def grid(height, width):
    """Column, row and stride of each cell, [cells, 3]."""
    parts = []
    for stride in STRIDES:
        rows, columns = np.mgrid[0 : height // stride, 0 : width // stride]
        parts.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)], 1))
    return np.concatenate(parts).astype(np.float32)


def boxes_of(geometry, cells):
    """Corners x0, y0, x1, y1 in pixels, [..., 4]."""
    stride = cells[:, 2:]
    centre = (cells[:, :2] + geometry[..., :2]) * stride
    half = np.exp(np.clip(geometry[..., 2:4], -4, 5)) * stride / 2
    return np.concatenate([centre - half, centre + half], -1)


def overlap(a, b):
    """Intersection over union of boxes [N, 4] with boxes [M, 4], [N, M]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(2)
    area = lambda boxes: np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(1)
    return shared / (area(a)[:, None] + area(b)[None] - shared + 1e-6)


def settled(scores, geometry, cells, score_min=0.3):
    """
    Each cell's geometry replaced by that of the surest cell of the same face, which is the one that the product reports: what the
    cells around it say differs by a thirtieth of the distance of the eyes. One image: scores [cells], geometry [cells, 14].
    """
    boxes = boxes_of(geometry, cells)
    best = faces_in(scores, boxes, score_min)
    out = geometry.copy()
    if not best:
        return out
    meets = overlap(boxes, boxes[best])
    own = np.flatnonzero(meets.max(1) > 0.4)
    face = np.asarray(best)[meets[own].argmax(1)]
    # (c + b)·s is the place in pixels: from the cell of the face to the cell that is taught.
    ratio = cells[face, 2:] / cells[own, 2:]
    shift = cells[face, :2] * ratio - cells[own, :2]
    out[own, :2] = geometry[face, :2] * ratio + shift
    out[own, 2:4] = geometry[face, 2:4] + np.log(ratio)
    out[own, 4:] = geometry[face, 4:] * ratio + np.tile(shift, 5)
    return out


def faces_in(scores, boxes, score_min, overlap_max=0.4):
    """Greedy non-maximum suppression of one image: the cells that stay, the highest score first."""
    order = [i for i in np.argsort(-scores) if scores[i] >= score_min]
    kept = []
    for i in order:
        if not kept or overlap(boxes[i : i + 1], boxes[kept]).max() <= overlap_max:
            kept.append(i)
    return kept
