"""The training photographs with the teacher's boxes."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from teacher import boxes_of, faces_in, grid

# One photograph in 16 is kept from training, to watch it and to set the score's bias: never LFW.
HELD_OUT_EVERY = 16


@dataclass(frozen=True)
class Face:
    image: np.ndarray  # BGR bytes [H, W, 3], a loose crop: about 2.2 × the face
    box: np.ndarray  # x0, y0, x1, y1 of the face in the middle, pixels of the image
    others: np.ndarray  # boxes of further faces, [N, 4]


def load_faces(folder, kept_list, teacher):
    """Faces of the list (scripts/train/prepare.ts writes it: look-alikes of LFW-dev are not in it), in its order."""
    faces = []
    for name in json.loads(Path(kept_list).read_text()):
        image = cv2.imread(str(Path(folder) / name))
        face = None if image is None else with_boxes(image, teacher)
        if face is not None:
            faces.append(face)
    return faces


def split(faces):
    """Training faces, held-out faces."""
    return [f for i, f in enumerate(faces) if i % HELD_OUT_EVERY], faces[::HELD_OUT_EVERY]


def with_boxes(image, teacher):
    height, width = image.shape[:2]
    padded = np.zeros((1, -(-height // 32) * 32, -(-width // 32) * 32, 3), np.uint8)
    padded[0, :height, :width] = image
    scores, geometry = teacher.cells(padded)
    boxes = boxes_of(geometry[0], grid(*padded.shape[1:3]))
    found = faces_in(scores[0], boxes, 0.3)
    if not found:
        return None
    middle = np.array([width, height]) / 2
    found.sort(key=lambda i: np.abs((boxes[i, :2] + boxes[i, 2:]) / 2 - middle).sum())
    return Face(image, boxes[found[0]], boxes[found[1:]])
