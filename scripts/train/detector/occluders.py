"""Things before a face, drawn on the photograph, placed by its box. BGR bytes [H, W, 3]."""

import cv2
import numpy as np

from backgrounds import colour, skin


def occlude(rng, image, box):
    kind = rng.integers(0, 5)
    (sunglasses, glasses, hat, microphone, anything)[kind](rng, image, box[:2], box[2:] - box[:2])


def at(origin, size, u, v):
    return tuple(int(value) for value in origin + size * np.array([u, v]))


def sunglasses(rng, image, origin, size):
    dark = rng.uniform(0, 70, 3).tolist()
    axes = (max(2, int(size[0] * rng.uniform(0.14, 0.22))), max(2, int(size[1] * rng.uniform(0.08, 0.14))))
    for u in (0.29, 0.71):
        cv2.ellipse(image, at(origin, size, u, 0.4), axes, 0, 0, 360, dark, -1, cv2.LINE_AA)
    cv2.line(image, at(origin, size, 0.05, 0.37), at(origin, size, 0.95, 0.37), dark, max(1, int(size[0] / 30)), cv2.LINE_AA)


def glasses(rng, image, origin, size):
    frame = colour(rng).tolist()
    width = max(1, int(size[0] * rng.uniform(0.01, 0.04)))
    axes = (max(2, int(size[0] * 0.18)), max(2, int(size[1] * rng.uniform(0.08, 0.13))))
    for u in (0.29, 0.71):
        cv2.ellipse(image, at(origin, size, u, 0.4), axes, 0, 0, 360, frame, width, cv2.LINE_AA)
    cv2.line(image, at(origin, size, 0.42, 0.38), at(origin, size, 0.58, 0.38), frame, width, cv2.LINE_AA)


def hat(rng, image, origin, size):
    brim = rng.uniform(0.0, 0.24)
    paint = colour(rng).tolist()
    points = [at(origin, size, u, v) for u, v in ((-0.3, brim), (1.3, brim + rng.normal(0, 0.04)), (1.2, -0.7), (-0.2, -0.7))]
    cv2.fillPoly(image, [np.array(points, np.int32)], paint, cv2.LINE_AA)


def microphone(rng, image, origin, size):
    dark = rng.uniform(0, 90, 3).tolist()
    u, v = rng.uniform(0, 1), rng.uniform(0.75, 1.2)
    cv2.line(image, at(origin, size, u, v), at(origin, size, u + rng.normal(0, 0.5), 2.2), dark, max(1, int(size[0] / 14)), cv2.LINE_AA)
    axes = (max(2, int(size[0] * rng.uniform(0.06, 0.14))), max(2, int(size[0] * rng.uniform(0.08, 0.18))))
    cv2.ellipse(image, at(origin, size, u, v), axes, rng.uniform(-40, 40), 0, 360, dark, -1, cv2.LINE_AA)


def anything(rng, image, origin, size):
    paint = (skin(rng) if rng.random() < 0.5 else colour(rng)).tolist()
    axes = tuple(max(2, int(v)) for v in size * rng.uniform(0.08, 0.35, 2))
    cv2.ellipse(image, at(origin, size, *rng.uniform(-0.1, 1.1, 2)), axes, rng.uniform(0, 180), 0, 360, paint, -1, cv2.LINE_AA)
