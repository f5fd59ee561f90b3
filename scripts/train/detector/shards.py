"""Reading the shards that make_scenes.py wrote, as batches with a target in every cell."""

from pathlib import Path

import cv2
import numpy as np

from photometry import grey, tone
from teacher import grid


class Shard:
    def __init__(self, path):
        with np.load(path) as file:
            self.rows = {name: file[name] for name in file.files}
        self.size = int(self.rows["size"])
        self.count = len(self.rows["jpeg_end"])
        self.cells = len(grid(self.size, self.size))

    def part(self, i, name, end=None):
        ends = self.rows[f"{end or name}_end"]
        return self.rows[name][ends[i - 1] if i else 0 : ends[i]]

    def batch(self, chosen, rng=None):
        """
        Images [N, size, size, 3] BGR bytes (their tones changed once more with `rng`), scores and weights [N, cells],
        geometry [N, cells, 14].
        """
        images = np.empty((len(chosen), self.size, self.size, 3), np.uint8)
        scores = np.zeros((len(chosen), self.cells), np.float32)
        weights = np.ones_like(scores)
        geometry = np.zeros((len(chosen), self.cells, 14), np.float32)
        for n, i in enumerate(chosen):
            image = cv2.imdecode(self.part(i, "jpeg"), cv2.IMREAD_COLOR)
            images[n] = image if rng is None else again(rng, image)
            at = self.part(i, "cell")
            scores[n, at] = self.part(i, "score", "cell")
            geometry[n, at] = self.part(i, "geometry", "cell")
            weights[n, self.part(i, "left_out")] = 0
        return images, scores, weights, geometry


def again(rng, image):
    if rng.random() < 0.05:
        image = grey(image)
    return tone(rng, image, 0.5) if rng.random() < 0.6 else image


class Shards:
    """All shards of a folder; `look` finds those that were finished since."""

    def __init__(self, folder, prefix):
        self.folder, self.prefix, self.shards = Path(folder), prefix, {}
        self.look()

    def look(self):
        for path in sorted(self.folder.glob(f"{self.prefix}-*.npz")):
            if path.name not in self.shards:
                self.shards[path.name] = Shard(path)
        return len(self.shards)

    def batch(self, seed, step, count):
        """The batch of a step depends on the seed, the step and the shards that are there."""
        rng = np.random.default_rng([seed, step])
        names = sorted(self.shards)
        shard = self.shards[names[rng.integers(0, len(names))]]
        return shard.batch(rng.integers(0, shard.count, count), rng)
