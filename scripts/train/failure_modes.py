"""Accuracy on pairsDevTest when one image of each pair is worse: `failure_modes.py --checkpoint FILE --data FOLDER`.

The other image stays as it is, the threshold is that of pairsDevTrain on whole images: what an operator would have set.
"""
import argparse

import torch
import torch.nn.functional as F

from augment import Codec
from faces import FaceSet, read_pairs
from geometry import CROP, MARGIN, pixels
from lfw import best_threshold, normalised
from student import Student


def reduced(side):
    """As if the crop came from `side` pixels: the face itself is about three quarters as wide."""
    def change(faces):
        small = F.interpolate(faces, size=side, mode='bilinear', antialias=True, align_corners=False)
        return F.interpolate(small, size=CROP, mode='bilinear', align_corners=False)
    return change


def covered(top, bottom):
    def change(faces):
        faces = faces.clone()
        faces[:, :, top:bottom] = 40.0
        return faces
    return change


def lit_from_one_side(faces):
    return faces * (0.25 + 1.5 * pixels(CROP)[0, :, :, 0] / CROP).clamp(max=1.4)


CONDITIONS = {
    'as it is': lambda faces: faces,
    'grey': lambda faces: faces.mean(1, keepdim=True).expand_as(faces),
    'mirrored': lambda faces: faces.flip(3),
    'crop of 56 px': reduced(56),
    'crop of 28 px': reduced(28),
    'JPEG, steps three times those of quality 50': lambda faces: Codec()(faces, torch.full((len(faces),), 6.0)),
    'a quarter as bright': lambda faces: (faces * 0.25).round(),
    'light from one side': lit_from_one_side,
    'eyes covered': covered(40, 64),
    'mouth covered': covered(80, CROP),
    'landmarks 3 px off': lambda faces: faces.roll((3, 3), (2, 3)),
}


@torch.no_grad()
def features(network, faces, change, rows):
    found = []
    for part in rows.split(128):
        crops = faces.canvases(part.numpy())[:, :, MARGIN:MARGIN + CROP, MARGIN:MARGIN + CROP]
        found.append(F.normalize(network(normalised(change(crops).clamp(0, 255)))))
    return torch.cat(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--checkpoint', required=True)
    parser.add_argument('--data', required=True)
    parser.add_argument('--threads', type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network = Student()
    network.load_state_dict(torch.load(options.checkpoint)['average'])
    network.eval()
    faces = FaceSet(options.data, 'lfw')
    a, b, mated = read_pairs(options.data, 'pairsDevTrain').T
    plain = CONDITIONS['as it is']
    scores = (features(network, faces, plain, a) * features(network, faces, plain, b)).sum(1)
    threshold, _ = best_threshold(scores, mated.float())
    a, b, mated = read_pairs(options.data, 'pairsDevTest').T
    references = features(network, faces, plain, b)
    print('| probe | accuracy | mated pairs missed | non-mated pairs matched |\n| --- | --- | --- | --- |')
    for name, change in CONDITIONS.items():
        matched = (features(network, faces, change, a) * references).sum(1) > threshold
        missed, false = (~matched[mated == 1]).float().mean(), matched[mated == 0].float().mean()
        right = (matched == (mated == 1)).float().mean()
        print(f'| {name} | {right:.3f} | {missed:.3f} | {false:.3f} |', flush=True)


if __name__ == '__main__':
    main()
