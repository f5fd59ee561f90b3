"""Reading the shards that make_scenes.py wrote, as batches with a target in every cell."""

from pathlib import Path

import cv2
import numpy as np

from label import SEEN, label
from photometry import grey, sharper, tone
from teacher import boxes_of, faces_in, grid, settled
from warp import close_up, mapped, random_view

# Share of the scenes that are seen from elsewhere where the teacher is there to say where their faces are then.
MOVED = 0.7
# Of them, the share that goes so near that the face does not fit: parts of a face are no faces, which large images ask for.
CLOSE_UPS = 0.15


class Shard:
    def __init__(self, path):
        with np.load(path) as file:
            self.rows = {name: file[name] for name in file.files}
        self.size = int(self.rows["size"])
        self.count = len(self.rows["jpeg_end"])
        self.grid = grid(self.size, self.size)
        self.cells = len(self.grid)

    def part(self, i, name, end=None):
        ends = self.rows[f"{end or name}_end"]
        return self.rows[name][ends[i - 1] if i else 0 : ends[i]]

    def batch(self, chosen, rng=None, teacher=None):
        """
        Images [N, size, size, 3] BGR bytes (changed once more with `rng`), scores and weights [N, cells], geometry [N, cells, 14].
        With a teacher, boxes and landmarks are those that it sees in the very image that the student gets, where it sees the face.
        """
        images = np.empty((len(chosen), self.size, self.size, 3), np.uint8)
        scores = np.zeros((len(chosen), self.cells), np.float32)
        weights = np.ones_like(scores)
        geometry = np.zeros((len(chosen), self.cells, 14), np.float32)
        for n, i in enumerate(chosen):
            images[n] = cv2.imdecode(self.part(i, "jpeg"), cv2.IMREAD_COLOR)
            at, left_out = self.part(i, "cell"), self.part(i, "left_out")
            scores[n, at] = self.part(i, "score", "cell")
            geometry[n, at] = self.part(i, "geometry", "cell")
            weights[n, left_out] = 0
            if teacher is not None and len(left_out) == 0 and rng.random() < MOVED:
                images[n], scores[n], geometry[n], weights[n] = self.moved(rng, images[n], scores[n], geometry[n], teacher)
                continue
            if rng is not None:
                images[n] = again(rng, images[n], scores[n], geometry[n])
            if teacher is not None:
                now, values = teacher.cells(images[n : n + 1])
                seen = (scores[n] > 0.1) & (now[0] > SEEN)
                geometry[n, seen] = settled(now[0], values[0], self.grid)[seen]
        return images, scores, weights, geometry


    def moved(self, rng, image, scores, geometry, teacher):
        """The scene nearer, farther, turned, mirrored, beside the middle, with the teacher's answers to that."""
        boxes = boxes_of(geometry, self.grid)
        known = boxes[faces_in(np.where(scores > 0.1, scores, 0), boxes, 0.1)].reshape(-1, 4)
        near = len(known) > 0 and rng.random() < CLOSE_UPS
        largest = known[(known[:, 2:] - known[:, :2]).max(1).argmax()] if near else None
        transform = close_up(rng, largest, self.size) if near else random_view(rng, self.size)
        border = (cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT)[int(rng.random() < 0.3)]
        image = cv2.warpAffine(image, transform, (self.size, self.size), flags=cv2.INTER_CUBIC, borderMode=border)
        if near:
            image = sharper(rng, image)
        if rng.random() < 0.5:
            image = tone(rng, image, 0.5)
        now, values = teacher.cells(image[None])
        there = mapped(transform, known)
        fits = (there[:, 2:] - there[:, :2]).max(1) < self.size  # of a face that does not, the teacher may see nothing: that is right
        at, found, _, left_out = label(now[0], values[0], self.grid, there, fits)
        scores, weights = np.zeros_like(scores), np.ones_like(scores)
        scores[at], weights[left_out] = found, 0
        return image, scores, settled(now[0], values[0], self.grid), weights


def again(rng, image, scores, geometry):
    """Other tones, less light, a cover over a part of the surest face: cheap, and new each time that a scene is seen."""
    if rng.random() < 0.05:
        image = grey(image)
    if rng.random() < 0.1 and scores.max() > 0.5:
        best = scores.argmax()
        cover(rng, image, boxes_of(geometry[best], grid(*image.shape[:2])[best][None])[0])
    if rng.random() < 0.1:
        return (image * rng.uniform(0.08, 0.6)).astype(np.uint8)
    return tone(rng, image, 0.5) if rng.random() < 0.5 else image


def cover(rng, image, box):
    """A mask over mouth and nose, or a bar over the eyes; where the landmarks are is still taught."""
    x0, y0, x1, y1 = box
    low, high = (rng.uniform(0.48, 0.6), rng.uniform(0.95, 1.1)) if rng.random() < 0.65 else (0.25, rng.uniform(0.42, 0.52))
    shift = rng.uniform(-0.1, 0.15, 2)
    corners = np.array([(x0, low), (x1, low + shift[0] / 2), (x1, high), (x0, high)])
    corners[:, 1] = y0 + corners[:, 1] * (y1 - y0)
    corners[:, 0] += (x1 - x0) * shift[1] * np.array([-1, 1, 1, -1]) / 2
    cv2.fillPoly(image, [corners.astype(np.int32)], rng.uniform(0, 255, 3).tolist(), cv2.LINE_AA)


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

    def batch(self, seed, step, count, teacher=None):
        """The batch of a step depends on the seed, the step and the shards that are there."""
        rng = np.random.default_rng([seed, step])
        names = sorted(self.shards)
        shard = self.shards[names[rng.integers(0, len(names))]]
        return shard.batch(rng.integers(0, shard.count, count), rng, teacher)
