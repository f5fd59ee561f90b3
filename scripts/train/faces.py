"""Reads what prepare.ts wrote."""
import json
from pathlib import Path

import numpy as np
import torch

from geometry import CANVAS


class FaceSet:
    """N faces: `images` uint8 [N, CANVAS, CANVAS, 3] RGB, `landmarks` [N, 5, 2], `teacher` [N, 384], `names`."""

    def __init__(self, folder, name):
        root = Path(folder)
        self.names = json.loads((root / f'{name}.names.json').read_text())
        count = len(self.names)
        self.images = np.fromfile(root / f'{name}.crops.u8', np.uint8).reshape(count, CANVAS, CANVAS, 3)
        self.landmarks = torch.from_numpy(np.fromfile(root / f'{name}.landmarks.f32', np.float32).reshape(count, 5, 2))
        self.teacher = torch.from_numpy(np.fromfile(root / f'{name}.teacher.f32', np.float32).reshape(count, -1))

    def canvases(self, at):
        """Images as float [B, 3, CANVAS, CANVAS], 0..255."""
        return torch.from_numpy(self.images[at]).permute(0, 3, 1, 2).float()


def read_pairs(folder, name):
    """Pairs of a list of LFW as positions in the set: int64 [P, 3], the third 1 for mated."""
    return torch.tensor(json.loads((Path(folder) / f'{name}.json').read_text()))
