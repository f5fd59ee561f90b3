"""Makes labelled faces in shards until there are enough: `make_samples.py --data FOLDER --models FOLDER --shards N`.

Shard i comes from its own seed, so shards can be made in any order, in several processes, and again: what lies there is skipped.
`made/<i>.images.npy` uint8 [n, CANVAS, CANVAS, 3], `made/<i>.teacher.npy` float16 [n, 384].
"""
import argparse
import os
import time
from pathlib import Path

import numpy as np
import torch

from compose import Composer
from faces import FaceSet
from teacher import Teacher

SHARD, BATCH = 2048, 64


def make_shard(faces, teacher, seed, different):
    composer = Composer(faces, seed, different)
    images, labels = [], []
    for _ in range(SHARD // BATCH):
        canvas, landmarks = composer(BATCH)
        canvas = canvas.round()
        images.append(canvas.to(torch.uint8).permute(0, 2, 3, 1).numpy())
        labels.append(teacher(canvas, landmarks).half().numpy())
    return np.concatenate(images), np.concatenate(labels)


def save(path, array):
    """Whole or not at all: the training reads while this writes."""
    partial = path.with_suffix('.part')
    with open(partial, 'wb') as file:
        np.save(file, array)
    os.replace(partial, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', required=True)
    parser.add_argument('--models', required=True)
    parser.add_argument('--first', type=int, default=0)
    parser.add_argument('--shards', type=int, default=64)
    parser.add_argument('--different', type=float, default=0.4, help='share of faces between no two others; above 0.4 also farther')
    parser.add_argument('--threads', type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = Path(options.data) / 'made'
    folder.mkdir(exist_ok=True)
    faces, teacher = FaceSet(options.data, 'train'), Teacher(options.models)
    for i in range(options.first, options.first + options.shards):
        if (folder / f'{i:05}.images.npy').exists():
            continue
        started = time.time()
        images, labels = make_shard(faces, teacher, 1_000_003 * (i + 1), options.different)
        save(folder / f'{i:05}.teacher.npy', labels)
        save(folder / f'{i:05}.images.npy', images)
        print(f'shard {i}: {1e3 * (time.time() - started) / SHARD:.1f} ms an image', flush=True)


if __name__ == '__main__':
    main()
