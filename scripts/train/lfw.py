"""Accuracy over LFW's development pairs: evaluation only, nothing here reaches the weights."""
import torch
import torch.nn.functional as F

from faces import read_pairs
from geometry import CROP, MARGIN


def normalised(crops):
    """Bytes as the student wants them (models/manifest.json: mean 127.5, std 128)."""
    return (crops - 127.5) / 128


@torch.no_grad()
def features(network, faces, batch=128, autocast=True):
    """Unit features of all faces of a set, [N, d]."""
    network.eval()
    rows = []
    for first in range(0, len(faces.names), batch):
        crops = faces.canvases(slice(first, first + batch))[:, :, MARGIN:MARGIN + CROP, MARGIN:MARGIN + CROP]
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=autocast):
            x = normalised(crops).contiguous(memory_format=torch.channels_last)
            rows.append(F.normalize(network(x).float()))
    return torch.cat(rows)


def best_threshold(scores, mated):
    """The threshold that decides most pairs rightly, and how many that is (0 to 1)."""
    order = scores.sort()
    mates = mated[order.indices]
    # Pairs from position k on are called mated: right are the others before k and the mates from k on.
    right = torch.cat([torch.zeros(1), (1 - mates).cumsum(0)]) + mates.sum() - torch.cat([torch.zeros(1), mates.cumsum(0)])
    k = int(right.argmax())
    edges = torch.cat([order.values[:1] - 1, order.values, order.values[-1:] + 1])
    return float((edges[k] + edges[k + 1]) / 2), float(right[k] / len(scores))


def accuracies(rows, folder):
    """`train`: best over pairsDevTrain; `test`: pairsDevTest at the threshold of pairsDevTrain; `testBest`: at its own."""
    found = {}
    for name in ('pairsDevTrain', 'pairsDevTest'):
        a, b, mated = read_pairs(folder, name).T
        found[name] = (rows[a] * rows[b]).sum(1), mated.float()
    threshold, train = best_threshold(*found['pairsDevTrain'])
    scores, mated = found['pairsDevTest']
    test = float(((scores > threshold).float() == mated).float().mean())
    return {'train': train, 'test': test, 'testBest': best_threshold(scores, mated)[1]}
