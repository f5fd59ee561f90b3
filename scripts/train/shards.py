"""Draws batches from the shards that make_samples.py has written so far, and from the original faces."""
from pathlib import Path

import numpy as np
import torch

#: Of a batch: the faces as they are, so that no morph is needed to see a plain photograph.
ORIGINAL_SHARE = 1 / 16


class Shards:
    def __init__(self, folder, faces, seed):
        self.folder, self.faces = Path(folder) / 'made', faces
        self.random = torch.Generator().manual_seed(seed)
        self.images, self.labels = [], []
        self.look()

    def look(self):
        """Opens the shards that came since the last time, in their order."""
        for path in sorted(self.folder.glob('*.images.npy'))[len(self.images):]:
            self.images.append(np.load(path, mmap_mode='r'))
            self.labels.append(np.load(str(path).replace('.images.', '.teacher.')))

    def draw(self, count):
        """Canvases float [count, 3, CANVAS, CANVAS] and teacher features [count, 384]."""
        originals = round(count * ORIGINAL_SHARE)
        own = torch.randint(len(self.faces.names), (originals,), generator=self.random).numpy()
        which = torch.randint(len(self.images), (count - originals,), generator=self.random).tolist()
        rows = [int(torch.randint(len(self.images[s]), (1,), generator=self.random)) for s in which]
        made = [self.images[s][r] for s, r in zip(which, rows)]
        labels = [self.labels[s][r] for s, r in zip(which, rows)]
        images = torch.from_numpy(np.concatenate([self.faces.images[own], np.stack(made)]))
        teacher = torch.cat([self.faces.teacher[own], torch.from_numpy(np.stack(labels)).float()])
        return images.permute(0, 3, 1, 2).float(), teacher
