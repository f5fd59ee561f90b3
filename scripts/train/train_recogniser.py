"""Trains the recogniser: `train_recogniser.py --data FOLDER --out FOLDER --minutes M`. Runs on after a break where it was.

The learning rate falls with the time that was trained, so that the budget is kept on a slow or busy machine too; what the
seed decides is the order of samples and their changes. With --workers N, N processes change one set of weights without waiting for
each other (Hogwild, Niu et al. 2011): on a busy machine that uses every free moment of each core, where threads would wait.
"""
import argparse
import copy
import json
import math
import os
import time
from pathlib import Path

import torch
import torch.multiprocessing as multiprocessing
import torch.nn.functional as F

from augment import Augmenter
from faces import FaceSet
from lfw import accuracies, features, normalised
from losses import distillation, principal_directions
from shards import Shards
from student import FEATURES, Student

WARM_UP_SAMPLES = 8_000
EMA_HALF_LIFE_SAMPLES = 25_000


class Run:
    """All that a checkpoint holds."""

    def __init__(self, options, shards):
        torch.manual_seed(options.seed)
        self.network = Student().to(memory_format=torch.channels_last).share_memory()
        self.average = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=options.rate, weight_decay=options.decay)
        self.shards, self.augmenter = shards, Augmenter(options.seed + 1)
        labels = torch.cat([shards.faces.teacher, *(torch.from_numpy(v).float() for v in shards.labels[:4])])
        self.directions, self.kept = principal_directions(labels, FEATURES)
        #: Samples and seconds so far, seen by all workers.
        self.done = torch.zeros(2, dtype=torch.float64).share_memory_()

    @property
    def samples(self):
        return int(self.done[0])

    @property
    def seconds(self):
        return float(self.done[1])

    def state(self):
        return {
            'network': self.network.state_dict(), 'average': self.average.state_dict(), 'directions': self.directions,
            'optimiser': self.optimiser.state_dict(), 'done': self.done,
            'chance': [self.shards.random.get_state(), self.augmenter.random.get_state()],
        }

    def resume(self, path):
        state = torch.load(path)
        for part in ('network', 'average', 'optimiser'):
            getattr(self, part).load_state_dict(state[part])
        self.directions = state['directions']
        self.done.copy_(state['done'])
        self.shards.random.set_state(state['chance'][0])
        self.augmenter.random.set_state(state['chance'][1])

    def step(self, batch, rate):
        """One batch; returns the loss and the mean cosine to the teacher."""
        for group in self.optimiser.param_groups:
            group['lr'] = rate
        canvases, teacher = self.shards.draw(batch)
        target = F.normalize(teacher @ self.directions)
        crops = normalised(self.augmenter(canvases)).contiguous(memory_format=torch.channels_last)
        self.network.train()
        with torch.autocast('cpu', dtype=torch.bfloat16):
            out = self.network(crops)
        loss, cosine = distillation(out.float(), target)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.done[0] += batch
        return loss.item(), cosine.item()

    def follow(self, batch):
        """The average of the weights that is shipped: it forgets half in EMA_HALF_LIFE_SAMPLES, faster at the beginning."""
        keep = min(0.5 ** (batch / EMA_HALF_LIFE_SAMPLES), 1 - 10 / (10 + self.samples / batch))
        with torch.no_grad():
            for mine, new in zip(self.average.state_dict().values(), self.network.state_dict().values()):
                if mine.dtype.is_floating_point:
                    mine.lerp_(new, 1 - keep)


def rate_at(run, options):
    warm = min(1.0, run.samples / WARM_UP_SAMPLES)
    done = min(1.0, run.seconds / (options.minutes * 60))
    return options.rate * warm * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-6


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    faces, lfw = FaceSet(options.data, 'train'), FaceSet(options.data, 'lfw')
    run = Run(options, Shards(options.data, faces, options.seed))
    print(f'{FEATURES} directions keep {run.kept:.4f} of the teacher', flush=True)
    if (out / 'last.pt').exists():
        run.resume(out / 'last.pt')
    elif options.after:
        run.resume(options.after)
        run.done[1] = 0
    for number in range(1, options.workers):
        multiprocessing.get_context('fork').Process(target=help_with, args=(run, options, number), daemon=True).start()
    train(run, options, out, lfw)


def help_with(run, options, number):
    """A further worker: its own samples and its own optimiser, the same weights."""
    parent = os.getppid()
    seed = options.seed + 1000 * number + run.samples
    run.shards.random.manual_seed(seed)
    run.augmenter.random.manual_seed(seed + 1)
    while os.getppid() == parent and run.seconds < options.minutes * 60:
        run.step(options.batch, rate_at(run, options))
        if run.samples % (50 * options.batch) < options.batch:
            run.shards.look()


def train(run, options, out, lfw):
    told, sums = run.samples, torch.zeros(3)
    while run.seconds < options.minutes * 60:
        started = time.time()
        loss, cosine = run.step(options.batch, rate_at(run, options))
        run.follow(options.batch * options.workers)
        run.done[1] += time.time() - started
        sums += torch.tensor([loss, cosine, 1.0])
        if run.samples - told >= options.every or run.seconds >= options.minutes * 60:
            measure = accuracies(features(run.average, lfw), options.data)
            line = {'samples': run.samples, 'seconds': round(run.seconds), 'made': len(run.shards.images),
                    'loss': round(float(sums[0] / sums[2]), 4), 'cosine': round(float(sums[1] / sums[2]), 4),
                    'lfw': {k: round(v, 4) for k, v in measure.items()}}
            with open(out / 'log.jsonl', 'a') as file:
                file.write(json.dumps(line) + '\n')
            print(json.dumps(line), flush=True)
            torch.save(run.state(), out / 'part.pt')
            os.replace(out / 'part.pt', out / 'last.pt')
            run.shards.look()
            told, sums = run.samples, torch.zeros(3)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--after', help='a checkpoint whose training goes on with a budget and a learning rate of its own')
    parser.add_argument('--minutes', type=float, default=180)
    parser.add_argument('--batch', type=int, default=128)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--decay', type=float, default=0.02)
    parser.add_argument('--every', type=int, default=40_000, help='samples between two evaluations and checkpoints')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=2, help='of each worker')
    parser.add_argument('--workers', type=int, default=1, help='processes that change the weights together')
    return parser.parse_args()


if __name__ == '__main__':
    main()
