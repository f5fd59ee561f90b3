"""Backgrounds without a face, procedural or cut from around the faces of the training photographs. BGR bytes [H, W, 3]."""

import cv2
import numpy as np

# Skin by the Fitzpatrick types I to VI, BGR, after pictures of the scale: the colour alone must not make a face.
SKIN = np.array([(176, 200, 238), (140, 172, 222), (110, 145, 200), (80, 112, 166), (50, 76, 122), (32, 44, 72)], np.float32)


def colour(rng):
    return rng.uniform(0, 255, 3)


def skin(rng):
    a, b = SKIN[rng.integers(0, 5)], rng.uniform(0.8, 1.2)
    return np.clip(a * b + rng.normal(0, 8, 3), 0, 255)


def gradient(rng, size):
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    t = (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5) + 0.7)[..., None] / 1.4
    return colour(rng) * (1 - t) + colour(rng) * t


def octaves(rng, size):
    """Noise of several octaves, coloured between two or three colours."""
    field = np.zeros((size, size), np.float32)
    for octave in range(rng.integers(2, 7)):
        cells = 2 ** (octave + 1)
        field += cv2.resize(rng.normal(0, 1, (cells, cells)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC) / (
            1.2 + octave * rng.uniform(0.2, 0.9)
        )
    field = (field - field.min()) / (np.ptp(field) + 1e-6)
    palette = np.stack([skin(rng) if rng.random() < 0.25 else colour(rng) for _ in range(3)])
    low, high = field[..., None] * 2, field[..., None] * 2 - 1
    return np.where(field[..., None] < 0.5, palette[0] * (1 - low) + palette[1] * low, palette[1] * (1 - high) + palette[2] * high)


def stripes(rng, size):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    angle, period = rng.uniform(0, np.pi), rng.uniform(3, 60)
    wave = np.sin((np.cos(angle) * x + np.sin(angle) * y) * 2 * np.pi / period + rng.normal(0, 1))
    if rng.random() < 0.4:
        wave = wave * np.sin((np.sin(angle) * x - np.cos(angle) * y) * 2 * np.pi / (period * rng.uniform(0.5, 2)))
    t = (np.clip(wave * rng.uniform(0.6, 8), -1, 1)[..., None] + 1) / 2
    return colour(rng) * (1 - t) + colour(rng) * t


def add_shapes(rng, image):
    size = image.shape[0]
    for _ in range(rng.integers(2, 18)):
        paint = skin(rng) if rng.random() < 0.3 else colour(rng)
        centre = tuple(int(v) for v in rng.uniform(0, size, 2))
        thickness = -1 if rng.random() < 0.6 else int(rng.integers(1, 8))
        kind = rng.integers(0, 4)
        if kind == 0:
            axes = tuple(int(v) for v in rng.uniform(2, size / 3, 2))
            cv2.ellipse(image, centre, axes, rng.uniform(0, 180), 0, 360, paint.tolist(), thickness, cv2.LINE_AA)
        elif kind == 1:
            other = tuple(int(v) for v in rng.uniform(0, size, 2))
            cv2.rectangle(image, centre, other, paint.tolist(), thickness)
        elif kind == 2:
            points = (np.array(centre) + rng.normal(0, size / 6, (int(rng.integers(3, 8)), 2))).astype(np.int32)
            cv2.fillPoly(image, [points], paint.tolist(), cv2.LINE_AA)
        else:
            other = tuple(int(v) for v in rng.uniform(0, size, 2))
            cv2.line(image, centre, other, paint.tolist(), int(rng.integers(1, 12)), cv2.LINE_AA)


LETTERS = np.array(list("ABCDEFGHIKLMNOPRSTUVWXYZabcdeghiklmnoprstuvwxyz0123456789:.()8oO@%"))


def add_text(rng, image):
    size = image.shape[0]
    for _ in range(rng.integers(1, 8)):
        text = "".join(rng.choice(LETTERS, int(rng.integers(1, 14))))
        at = (int(rng.uniform(-20, size * 0.8)), int(rng.uniform(0, size)))
        cv2.putText(image, text, at, int(rng.integers(0, 8)), rng.uniform(0.3, 3), colour(rng).tolist(), int(rng.integers(1, 5)), cv2.LINE_AA)


def add_skin_blobs(rng, image):
    """Limbs, hands and necks, roughly: shaded ellipses of skin, with dark or red spots in some."""
    size = image.shape[0]
    for _ in range(rng.integers(1, 5)):
        layer = image.copy()
        paint = skin(rng)
        centre = rng.uniform(0, size, 2)
        for _ in range(rng.integers(1, 5)):
            axes = rng.uniform(0.03, 0.22, 2) * size
            at = centre + rng.normal(0, size / 12, 2)
            shade = np.clip(paint * rng.uniform(0.8, 1.15), 0, 255)
            cv2.ellipse(layer, tuple(at.astype(int).tolist()), tuple((axes + 1).astype(int).tolist()), rng.uniform(0, 180), 0, 360, shade.tolist(), -1, cv2.LINE_AA)
        for _ in range(rng.integers(0, 4)):
            at = centre + rng.normal(0, size / 16, 2)
            dark = paint * rng.uniform(0.2, 0.7)
            cv2.circle(layer, tuple(at.astype(int).tolist()), int(rng.uniform(1, size / 30)), dark.tolist(), -1, cv2.LINE_AA)
        image[:] = cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.5, 4))


def procedural(rng, size):
    base = (gradient, octaves, octaves, stripes)[rng.integers(0, 4)](rng, size)
    if rng.random() < 0.3:
        base = base * 0.5 + octaves(rng, size) * 0.5
    image = np.clip(base, 0, 255).astype(np.uint8)
    for add, chance in ((add_shapes, 0.5), (add_skin_blobs, 0.3), (add_text, 0.25)):
        if rng.random() < chance:
            add(rng, image)
    if rng.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 5))
    return image


def around_face(rng, face, size):
    """A part of a photograph beside, above or below its face's box, enlarged, often blurred."""
    height, width = face.image.shape[:2]
    x0, y0, x1, y1 = face.box
    strips = [(0, 0, x0, height), (x1, 0, width, height), (0, 0, width, y0), (0, y1, width, height)]
    strips = [tuple(int(round(v)) for v in s) for s in strips]
    strips = [s for s in strips if s[2] - s[0] >= 16 and s[3] - s[1] >= 16]
    if not strips:
        return procedural(rng, size)
    left, top, right, bottom = strips[rng.integers(0, len(strips))]
    w, h = (max(12, int((v) * rng.uniform(0.4, 1))) for v in (right - left, bottom - top))
    x, y = rng.integers(left, max(left + 1, right - w)), rng.integers(top, max(top + 1, bottom - h))
    part = face.image[y : min(y + h, bottom), x : min(x + w, right)]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    return cv2.resize(np.ascontiguousarray(part), (size, size), interpolation=cv2.INTER_LINEAR)


def patchwork(rng, faces, size):
    """Up to nine cuttings side by side, of different sizes."""
    image = around_face(rng, faces[rng.integers(0, len(faces))], size)
    for _ in range(rng.integers(0, 9)):
        w, h = (int(v) for v in rng.uniform(0.15, 0.7, 2) * size)
        x, y = int(rng.integers(0, size - w)), int(rng.integers(0, size - h))
        part = around_face(rng, faces[rng.integers(0, len(faces))], max(w, h))
        image[y : y + h, x : x + w] = part[:h, :w]
    if rng.random() < 0.5:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 6))
    return image


def background(rng, faces, size):
    kind = rng.random()
    if kind < 0.4:
        return procedural(rng, size)
    image = patchwork(rng, faces, size)
    if kind < 0.5:
        add_shapes(rng, image)
    elif kind < 0.58:
        add_text(rng, image)
    elif kind < 0.68:
        add_skin_blobs(rng, image)
    return image
