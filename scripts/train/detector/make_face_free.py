"""
Adds procedural images and pages of noise to a folder of images without a face: `python make_face_free.py --out FOLDER`. Nothing of a
photograph is in them, and the seed is not one of the training's.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from backgrounds import procedural

SIZE = 320


def noise(rng):
    """A page of noise: grains of one to sixteen pixels, grey or coloured, weak or strong."""
    side = SIZE // int(2 ** rng.integers(0, 5))
    channels = 1 if rng.random() < 0.5 else 3
    grains = rng.normal(rng.uniform(40, 215), rng.uniform(5, 90), (side, side, channels))
    page = np.repeat(np.clip(grains, 0, 255).astype(np.uint8), 3 // channels, 2)
    return cv2.resize(page, (SIZE, SIZE), interpolation=rng.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--count", type=int, default=300, help="procedural images; half as many pages of noise")
    parser.add_argument("--seed", type=int, default=987654)
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    for i in range(options.count):
        cv2.imwrite(str(out / f"procedural-{i}.png"), procedural(rng, SIZE))
    for i in range(options.count // 2):
        cv2.imwrite(str(out / f"noise-{i}.png"), noise(rng))


if __name__ == "__main__":
    main()
