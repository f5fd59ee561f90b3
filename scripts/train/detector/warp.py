"""Turning a photograph into another view of the same face, and where its boxes go."""

import cv2
import numpy as np


def turned_head(rng, face, image):
    """
    Moves the inner face against the outline, as a turned or nodding head does: u ← u + k (1 − u²) in units of half the head,
    the outline |u| = 1 stays. One-to-one while |k| < 0.5.
    """
    height, width = image.shape[:2]
    x0, y0, x1, y1 = face.box
    maps = []
    for length, low, high, most in ((width, x0, x1, 0.42), (height, y0, y1, 0.25)):
        at = np.arange(length, dtype=np.float32)
        u = (at - (low + high) / 2) / ((high - low) * 0.65)
        bend = rng.uniform(-most, most) * np.clip(1 - u * u, 0, None)
        maps.append(at + bend * (high - low) * 0.65)
    x, y = np.meshgrid(*maps)
    return cv2.remap(image, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def random_transform(rng, face, face_px, centre):
    """An affine map [2, 3] that brings the face's box to a mean side of `face_px` at `centre`: turned, squeezed, sheared, mirrored."""
    x0, y0, x1, y1 = face.box
    scale = face_px / np.sqrt((x1 - x0) * (y1 - y0))
    spread = 35 if rng.random() < 0.55 else 8
    angle = np.radians(rng.uniform(-spread, spread))
    squeeze = rng.uniform(0.78, 1.12) if rng.random() < 0.4 else rng.uniform(0.95, 1.05)
    shear = rng.normal(0, 0.05)
    mirror = -1 if rng.random() < 0.5 else 1
    shape = np.array([[mirror * squeeze, shear], [0, 1 / np.sqrt(squeeze)]])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ shape * scale
    shift = np.asarray(centre) - matrix @ np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    return np.concatenate([matrix, shift[:, None]], 1)


def random_view(rng, size):
    """An affine map [2, 3] of a whole scene of `size` px: 0.7 to 1.4 times as large, turned by up to 12°, shifted, mirrored."""
    scale = np.exp(rng.uniform(np.log(0.7), np.log(1.4)))
    angle = np.radians(rng.uniform(-12, 12))
    mirror = -1 if rng.random() < 0.5 else 1
    matrix = scale * np.array([[np.cos(angle) * mirror, -np.sin(angle)], [np.sin(angle) * mirror, np.cos(angle)]])
    centre = np.full(2, size / 2)
    shift = centre - matrix @ centre + rng.normal(0, size * 0.06, 2)
    return np.concatenate([matrix, shift[:, None]], 1)


def close_up(rng, box, size):
    """An affine map [2, 3] that makes a face 1 to 3 times as large as the scene, with a random part of it in the middle."""
    scale = np.exp(rng.uniform(0, np.log(3))) * size / (box[2:] - box[:2]).max()
    at = box[:2] + (box[2:] - box[:2]) * rng.uniform(0.15, 0.85, 2)
    mirror = -1 if rng.random() < 0.5 else 1
    matrix = np.diag([scale * mirror, scale])
    return np.concatenate([matrix, (size / 2 - matrix @ at)[:, None]], 1)


def mapped(transform, boxes):
    """Boxes whose centres and sizes follow the map; a turned face's box stays about as large as it was."""
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2 @ transform[:, :2].T + transform[:, 2]
    sides = (boxes[:, 2:] - boxes[:, :2]) * np.linalg.norm(transform[:, :2], axis=0)
    return np.concatenate([centre - sides / 2, centre + sides / 2], 1)
