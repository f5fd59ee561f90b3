"""
Makes shards of labelled scenes: `python make_scenes.py --train FOLDER --kept LIST.json --teacher YUNET.onnx --out FOLDER`.
A shard depends on the seed and its number alone; shards that are there already are not made again.
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from faces import load_faces, split
from label import label
from photometry import degrade
from scene import compose
from teacher import Teacher, grid

# Sides in turn, by the shard's number: LFW's and most portraits' scale, one where faces of 300 px fit, and small ones, which teach
# as many cells with faces at half the cost; then very small ones, where the network sees its own border on all sides.
SIZES = (256, 256, 320, 192, 192, 192, 256, 256, 320, 96, 64, 256, 128, 256, 192)


def make_shard(number, seed, count, faces, teacher):
    rng = np.random.default_rng([seed, number])
    size = SIZES[number % len(SIZES)]
    cells = grid(size, size)
    rows = {"jpeg": [], "cell": [], "score": [], "geometry": [], "left_out": []}
    for _ in range(count):
        scene = compose(rng, faces, size)
        scores, geometry = teacher.cells(scene.image[None])  # one by one: a batch is twice as slow in each image
        cell, score, values, left_out = label(scores[0], geometry[0], cells, scene.boxes)
        picture = degrade(rng, scene.image)
        quality = int(rng.integers(30, 80)) if rng.random() < 0.3 else 92
        rows["jpeg"].append(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].ravel())
        rows["cell"].append(cell.astype(np.uint16))
        rows["score"].append(score.astype(np.float16))
        rows["geometry"].append(values.astype(np.float16))
        rows["left_out"].append(left_out.astype(np.uint16))
    packed = {name: np.concatenate(parts) for name, parts in rows.items()}
    ends = {f"{name}_end": np.cumsum([len(p) for p in rows[name]]) for name in ("jpeg", "cell", "left_out")}
    return {"size": size, **packed, **ends}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", required=True)
    parser.add_argument("--kept", required=True, help="train.names.json of scripts/train/prepare.ts")
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--shards", type=int, default=15)
    parser.add_argument("--scenes", type=int, default=2048, help="in a shard")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true", help="scenes of the faces that are kept from training")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    teacher = Teacher(options.teacher)
    faces = split(load_faces(options.train, options.kept, teacher))[1 if options.held_out else 0]
    print(f"{len(faces)} faces", flush=True)
    for number in range(options.shards):
        path = out / f"{'held-out' if options.held_out else 'scenes'}-{number:03d}.npz"
        if path.exists():
            continue
        began = time.time()
        shard = make_shard(number, options.seed + (1000 if options.held_out else 0), options.scenes, faces, teacher)
        partial = path.with_suffix(".part")
        with open(partial, "wb") as file:
            np.savez(file, **shard)
        partial.rename(path)
        print(f"{path.name}: {options.scenes} scenes of {shard['size']} px, {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
