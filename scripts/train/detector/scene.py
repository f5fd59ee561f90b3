"""Composes scenes: where faces are is known by construction, what they look like to the teacher is asked afterwards."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from backgrounds import background
from occluders import occlude
from photometry import grey, side_light, tone
from warp import mapped, random_transform, turned_head

FACE_PX_MIN = 14
# Shares of the kinds of scenes: a photograph that fills much of the scene (the framing of portraits and of LFW), several faces
# over a background, none.
KINDS = {"photograph": 0.5, "crowd": 0.32, "empty": 0.18}


@dataclass
class Scene:
    image: np.ndarray  # BGR bytes [size, size, 3]
    boxes: list = field(default_factory=list)  # x0, y0, x1, y1 of every face that was put there


def compose(rng, faces, size):
    kind = rng.choice(list(KINDS), p=list(KINDS.values()))
    scene = {"photograph": photograph, "crowd": crowd, "empty": empty}[kind](rng, faces, size)
    if rng.random() < 0.8:
        scene.image = tone(rng, scene.image)
    if rng.random() < 0.2:
        scene.image = side_light(rng, scene.image)
    if rng.random() < 0.1:
        scene.image = grey(scene.image)
    if rng.random() < 0.35:
        blacken(rng, scene)
    return scene


def photograph(rng, faces, size):
    """One loose crop over all or most of the scene; its border is continued, black or a background."""
    scene = Scene(background(rng, faces, size) if rng.random() < 0.4 else None)
    face_px = size * (rng.uniform(0.3, 0.55) if rng.random() < 0.5 else rng.uniform(0.15, 0.95))
    centre = size / 2 + rng.normal(0, size * 0.1, 2)
    put(rng, scene, faces[rng.integers(0, len(faces))], face_px, centre, size, whole=True)
    for _ in range(rng.integers(0, 3) if rng.random() < 0.35 else 0):
        place(rng, scene, faces, size, np.exp(rng.uniform(np.log(FACE_PX_MIN), np.log(size * 0.3))))
    return scene


def crowd(rng, faces, size):
    scene = Scene(background(rng, faces, size))
    count = rng.integers(1, 9)
    largest = size * (0.95 if count == 1 else 0.6 if count == 2 else 0.35)
    for _ in range(count):
        place(rng, scene, faces, size, np.exp(rng.uniform(np.log(FACE_PX_MIN), np.log(largest))))
    return scene


def empty(rng, faces, size):
    scene = Scene(background(rng, faces, size))
    for _ in range(rng.integers(0, 4) if rng.random() < 0.5 else 0):
        shuffled(rng, scene.image, faces[rng.integers(0, len(faces))])
    return scene


def place(rng, scene, faces, size, face_px):
    """Puts a face where it covers no other one by much; gives up after some tries."""
    for _ in range(8):
        centre = rng.uniform(0.02, 0.98, 2) * size
        box = np.concatenate([centre - face_px * 0.7, centre + face_px * 0.7])
        if all(box[0] > b[2] or box[2] < b[0] or box[1] > b[3] or box[3] < b[1] for b in scene.boxes):
            put(rng, scene, faces[rng.integers(0, len(faces))], face_px, centre, size, whole=rng.random() < 0.3)
            return


def put(rng, scene, face, face_px, centre, size, whole):
    image = turned_head(rng, face, face.image) if rng.random() < 0.5 else face.image.copy()
    if rng.random() < 0.22:
        occlude(rng, image, face.box)
    if rng.random() < 0.4:
        image = tone(rng, image, 0.7)
    transform = random_transform(rng, face, face_px, centre)
    image = shrunk(image, transform)
    if scene.image is None:
        border = (cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT)[int(rng.random() < 0.3)]  # mirrored, it would repeat the face
        scene.image = cv2.warpAffine(image, transform, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)
    else:
        mask = photo_mask(rng, image) if whole else head_mask(rng, face, image)
        pasted = cv2.warpAffine(image, transform, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        alpha = cv2.warpAffine(mask, transform, (size, size), flags=cv2.INTER_LINEAR)[..., None]
        scene.image = (scene.image * (1 - alpha) + pasted * alpha).astype(np.uint8)
    scene.boxes.extend(mapped(transform, np.concatenate([face.box[None], face.others])))


def shrunk(image, transform):
    """What a strong reduction would alias is blurred away first."""
    factor = np.sqrt(abs(np.linalg.det(transform[:, :2])))
    return cv2.GaussianBlur(image, (0, 0), 0.45 / factor) if factor < 0.8 else image


def photo_mask(rng, image):
    mask = np.zeros(image.shape[:2], np.float32)
    edge = 2
    mask[edge:-edge, edge:-edge] = 1
    return cv2.GaussianBlur(mask, (0, 0), rng.uniform(1, 8)) if rng.random() < 0.5 else mask


def head_mask(rng, face, image):
    """An ellipse around the head, hair and neck partly within, with a soft edge that ends inside the photograph."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = face.box
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u = (x - (x0 + x1) / 2) / ((x1 - x0) * rng.uniform(0.62, 0.95))
    v = (y - (y0 + y1) / 2) / ((y1 - y0) * rng.uniform(0.66, 0.98))
    soft = rng.uniform(0.03, 0.25)
    mask = np.clip((1 - np.sqrt(u * u + v * v)) / soft + 0.5, 0, 1)
    to_edge = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    return mask * np.clip(to_edge / 4, 0, 1)


def shuffled(rng, image, face):
    """A negative: the parts of a face in another order, or turned, so that colours and features are there but no face."""
    size = image.shape[0]
    x0, y0, x1, y1 = face.box.astype(int)
    part = face.image[max(0, y0) : y1, max(0, x0) : x1]
    side = int(rng.uniform(24, size * 0.6)) // 3 * 3
    if part.shape[0] < 12 or part.shape[1] < 12:
        return
    part = cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA)
    third = side // 3
    tiles = [part[r * third : (r + 1) * third, c * third : (c + 1) * third] for r in range(3) for c in range(3)]
    # No tile keeps its place: a shift of the order by a random amount, then random turns.
    shift = int(rng.integers(1, 9))
    tiles = [np.rot90(tiles[(i + shift) % 9], int(rng.integers(0, 4))) for i in range(9)]
    mixed = np.concatenate([np.concatenate(tiles[r * 3 : r * 3 + 3], 1) for r in range(3)], 0)
    x, y = (int(v) for v in rng.integers(0, size - side, 2))
    image[y : y + side, x : x + side] = cv2.GaussianBlur(np.ascontiguousarray(mixed), (0, 0), rng.uniform(0.3, 2.5))


def blacken(rng, scene):
    """Black at the right and at the bottom, as the product pads, or black corners of a turned photograph."""
    size = scene.image.shape[0]
    if rng.random() < 0.75:
        right, bottom = (int(v) for v in rng.integers(0, size // 5, 2))
        scene.image[:, size - right :] = 0
        scene.image[size - bottom :] = 0
    else:
        corner = int(rng.integers(0, 4))
        a, b = rng.uniform(0.05, 0.3, 2) * size
        x, y = (0 if corner % 2 == 0 else size), (0 if corner < 2 else size)
        points = np.array([(x, y), (abs(x - a), y), (x, abs(y - b))], np.int32)
        cv2.fillPoly(scene.image, [points], (0, 0, 0))
