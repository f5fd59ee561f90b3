"""
Trains the student: `python train.py --scenes FOLDER --out FOLDER --minutes 40`. Called again with the same folder it goes on where
it stopped, until the minutes are used up. `--from CHECKPOINT` begins a new run with the averaged weights of another one.
"""

import argparse
import json
import math
import queue
import threading
import time
from pathlib import Path

import cv2
import torch

from loss import distillation
from net import Detector
from shards import Shards
from teacher import Teacher
from validate import validate

BATCH = 16
RATE, RATE_END = 3e-3, 1e-5
WARM_STEPS = 200
DECAY = 0.01
# The average of weights forgets in about this many steps; fewer in the beginning.
AVERAGE_STEPS = 400
CLIP = 5.0
SAVE_SECONDS, VALIDATE_SECONDS = 60, 600


class Run:
    """All that a run is: network, average, optimiser, and how far it came."""

    def __init__(self, options):
        torch.manual_seed(options.seed)
        self.net, self.average = Detector(), Detector()
        if options.start is not None:
            self.start(torch.load(options.start)["average"])
        self.average.load_state_dict(self.net.state_dict())
        self.net.to(memory_format=torch.channels_last)
        decayed = [p for p in self.net.parameters() if p.dim() > 1]
        others = [p for p in self.net.parameters() if p.dim() <= 1]
        groups = [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=RATE)
        self.rate = options.rate
        self.step, self.seconds, self.seen = 0, 0.0, 0
        self.path = Path(options.out) / "checkpoint.pt"
        if self.path.exists():
            self.load(torch.load(self.path))

    def start(self, weights):
        """Takes over another run's weights; branches that it did not have begin anew."""
        missing, unknown = self.net.load_state_dict(weights, strict=False)
        if unknown or any(".narrow." not in name and ".refine." not in name for name in missing):
            raise SystemExit("these weights are of another network")

    def load(self, state):
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds, self.seen = state["step"], state["seconds"], state["seen"]

    def save(self):
        state = {name: getattr(self, name).state_dict() for name in ("net", "average", "optimiser")}
        partial = self.path.with_suffix(".part")
        torch.save({**state, "step": self.step, "seconds": self.seconds, "seen": self.seen}, partial)
        partial.rename(self.path)

    def learn(self, batch, done):
        """@param done share of the time that is used up, 0..1: the rate falls with it along a cosine"""
        rate = RATE_END + (self.rate - RATE_END) * (1 + math.cos(math.pi * min(1.0, done))) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (self.step + 1) / WARM_STEPS)
        images, *targets = (torch.from_numpy(part) for part in batch)
        planes = images.permute(0, 3, 1, 2).float()  # NHWC bytes are already in the "channels last" order
        self.net.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            outputs = self.net(planes)
        loss, parts = distillation(outputs, *targets)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimiser.step()
        self.step += 1
        self.seen += len(images)
        self.follow()
        return {name: part.item() for name, part in parts.items()}

    @torch.no_grad()
    def follow(self):
        keep = min(1 - 1 / AVERAGE_STEPS, self.step / (self.step + 10))
        for mean, now in zip(self.average.state_dict().values(), self.net.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - keep)
            else:
                mean.copy_(now)


def batches(shards, seed, step, teacher):
    """Decodes the next batches in a thread beside the training."""
    ready = queue.Queue(maxsize=3)

    def work():
        at = step
        while True:
            if at % 200 == 0:
                shards.look()
            ready.put(shards.batch(seed, at, BATCH, teacher))
            at += 1

    threading.Thread(target=work, daemon=True).start()
    while True:
        yield ready.get()


def train(options):
    Path(options.out).mkdir(parents=True, exist_ok=True)
    run = Run(options)
    shards, held_out = Shards(options.scenes, "scenes"), Shards(options.scenes, "held-out")
    budget = options.minutes * 60
    source = batches(shards, options.seed, run.step, Teacher(options.teacher) if options.teacher else None)
    last = saved = validated = time.time()
    means = {}
    while run.seconds < budget:
        parts = run.learn(next(source), run.seconds / budget)
        means = {name: 0.98 * means.get(name, part) + 0.02 * part for name, part in parts.items()}
        now = time.time()
        run.seconds, last = run.seconds + now - last, now
        if run.step % 100 == 0:
            print(run.step, f"{run.seconds:.0f} s", {k: round(v, 4) for k, v in means.items()}, flush=True)
        if now - saved > SAVE_SECONDS:
            run.save()
            saved = now
        if now - validated > VALIDATE_SECONDS:
            record(run, shards, held_out, options.out)
            validated = last = time.time()  # watching is not counted as training
    run.save()
    record(run, shards, held_out, options.out)


def record(run, shards, held_out, out):
    figures = validate(run.average, held_out)
    row = {"step": run.step, "seconds": round(run.seconds), "scenesSeen": run.seen, "shards": len(shards.shards), **figures}
    print(json.dumps(row), flush=True)
    with open(Path(out) / "curve.jsonl", "a") as file:
        file.write(json.dumps(row) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenes", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="start", default=None)
    parser.add_argument("--rate", type=float, default=RATE, help="learning rate after warming up")
    parser.add_argument("--teacher", default=None, help="YuNet's file: landmarks are then taught as it sees each changed image")
    parser.add_argument("--threads", type=int, default=1, help="more than the free cores make it slower")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    train(options)


if __name__ == "__main__":
    main()
