"""
Where the product's threshold of 0.6 should lie on the student's scale: for several biases of the score's logits, the share of the teacher's
faces found in scenes of held-out faces, and the share of images with a false detection among backgrounds that neither the
training nor the evaluation has: `python choose_bias.py --scenes FOLDER --checkpoint FILE --train FOLDER --kept LIST --teacher YUNET`.
"""

import argparse

import cv2
import numpy as np
import torch

from backgrounds import background
from export import folded
from faces import load_faces, split
from loss import cells_of
from net import Detector
from shards import Shards
from teacher import Teacher
from validate import SCORE_MIN, validate

BIASES = (0.0, -0.3, -0.6, -0.9, -1.2)
SIZE = 256


@torch.no_grad()
def logits(net, images):
    """Of cls and obj in the cell with the greatest score of each image, [N, 2]."""
    rows = []
    for image in images:
        values = cells_of(net(torch.from_numpy(image[None]).permute(0, 3, 1, 2).float()))[0, :, :2]
        rows.append(values[values.sigmoid().prod(1).argmax()])
    return torch.stack(rows)


def main():
    parser = argparse.ArgumentParser()
    for name in ("scenes", "checkpoint", "train", "kept", "teacher"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--count", type=int, default=800)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    net = Detector()
    net.load_state_dict(torch.load(options.checkpoint)["average"])
    net = folded(net)
    rng = np.random.default_rng(424242)
    faces = split(load_faces(options.train, options.kept, Teacher(options.teacher)))[1]
    without_face = logits(net, [background(rng, faces, SIZE) for _ in range(options.count)])
    held_out = Shards(options.scenes, "held-out")
    added = 0.0
    for bias in BIASES:
        for head in net.heads:
            head.depth.bias.data[:2] += bias - added
        added = bias
        false = float(((without_face + bias).sigmoid().prod(1).sqrt() >= SCORE_MIN).float().mean())
        figures = validate(net, held_out)
        print(f"bias {bias:+.1f}: found {figures['found']:.4f}, false a scene {figures['falsePerScene']:.4f}, "
              f"false detections on {options.count} backgrounds {false:.4f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
