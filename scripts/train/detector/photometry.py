"""What cameras, light and compression do to a picture. BGR bytes [H, W, 3]."""

import cv2
import numpy as np


def tone(rng, image, strength=1.0):
    """Gain, gamma and offset, partly per channel: one table per channel."""
    levels = np.arange(256, dtype=np.float32)[:, None] / 255
    gamma = np.exp(rng.normal(0, 0.25 * strength))
    gain = np.exp(rng.normal(0, 0.2 * strength) + rng.normal(0, 0.07 * strength, 3))
    offset = rng.normal(0, 0.06 * strength) + rng.normal(0, 0.02 * strength, 3)
    table = np.clip(((levels**gamma - 0.5) * gain + 0.5 + offset) * 255, 0, 255).astype(np.uint8)
    return cv2.LUT(image, table.reshape(1, 256, 3))


def grey(image):
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


def side_light(rng, image):
    size = image.shape[0]
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : image.shape[1] * 1j].astype(np.float32)
    ramp = np.cos(angle) * x + np.sin(angle) * y
    light = np.exp(ramp * rng.uniform(0.2, 0.9))[..., None]
    return np.clip(image * light, 0, 255).astype(np.uint8)


def sharper(rng, image):
    """Edges and grain for what was enlarged."""
    blurred = cv2.GaussianBlur(image, (0, 0), rng.uniform(1, 4))
    image = cv2.addWeighted(image, 1 + (k := rng.uniform(0, 2)), blurred, -k, 0)
    if rng.random() < 0.5:
        noise = rng.standard_normal(image.shape, np.float32) * rng.uniform(1, 8)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    return image


def degrade(rng, image):
    """Blur, motion, noise, lost resolution: what the teacher does not see, the student must bear."""
    if rng.random() < 0.25:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.08:
        kernel = np.zeros((7, 7), np.float32)
        cv2.line(kernel, tuple(rng.integers(0, 7, 2).tolist()), tuple(rng.integers(0, 7, 2).tolist()), 1.0, 1)
        image = cv2.filter2D(image, -1, kernel / max(1.0, kernel.sum()))
    if rng.random() < 0.15:
        height, width = image.shape[:2]
        factor = rng.uniform(0.35, 0.9)
        small = cv2.resize(image, (int(width * factor), int(height * factor)), interpolation=cv2.INTER_AREA)
        image = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.25:
        noise = rng.standard_normal(image.shape, np.float32) * rng.uniform(2, 16)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    return image
