"""Images a second, forward and backward in bfloat16, of the student and of MobileFaceNet: `throughput.py [--threads N]`."""
import argparse
import time

import torch
import torch.nn as nn

from geometry import CROP
from student import FEATURES, Student, gather, normed

BATCH, ROUNDS = 64, 6


class Bottleneck(nn.Module):
    """Sandler et al., MobileNetV2 (CVPR 2018): widen, depthwise, narrow."""

    def __init__(self, inputs, outputs, inner, stride=1):
        super().__init__()
        self.keeps = stride == 1 and inputs == outputs
        self.body = nn.Sequential(
            normed(nn.Conv2d(inputs, inner, 1, bias=False)), nn.PReLU(inner),
            normed(nn.Conv2d(inner, inner, 3, stride, 1, groups=inner, bias=False)), nn.PReLU(inner),
            normed(nn.Conv2d(inner, outputs, 1, bias=False)))

    def forward(self, x):
        return x + self.body(x) if self.keeps else self.body(x)


def mobile_face_net():
    """Chen et al., MobileFaceNets (CCBR 2018), table 1."""
    stages = [normed(nn.Conv2d(3, 64, 3, 2, 1, bias=False)), nn.PReLU(64)]
    stages += [normed(nn.Conv2d(64, 64, 3, 1, 1, groups=64, bias=False)), nn.PReLU(64)]
    stages += [Bottleneck(64, 64, 128, 2), *[Bottleneck(64, 64, 128) for _ in range(4)]]
    stages += [Bottleneck(64, 128, 256, 2), *[Bottleneck(128, 128, 256) for _ in range(6)]]
    stages += [Bottleneck(128, 128, 512, 2), *[Bottleneck(128, 128, 256) for _ in range(2)]]
    stages += [normed(nn.Conv2d(128, 512, 1, bias=False)), nn.PReLU(512), gather(512), nn.Flatten()]
    return nn.Sequential(*stages, nn.Linear(512, FEATURES))


def millions_of_multiplications(network):
    total = [0]
    hooks = [m.register_forward_hook(lambda m, _, out: total.append(out[0].numel() * m.weight[0].numel()))
             for m in network.modules() if isinstance(m, nn.Conv2d)]
    network.eval()(torch.zeros(1, 3, CROP, CROP))
    for hook in hooks:
        hook.remove()
    return sum(total) / 1e6


def measure(name, network):
    multiplications = millions_of_multiplications(network)
    network.to(memory_format=torch.channels_last).train()
    images = torch.randn(BATCH, 3, CROP, CROP).contiguous(memory_format=torch.channels_last)
    wall, cpu = [], []
    for _ in range(ROUNDS):
        started, used = time.time(), time.process_time()
        with torch.autocast('cpu', dtype=torch.bfloat16):
            out = network(images)
        out.float().square().mean().backward()
        wall.append(time.time() - started)
        cpu.append(time.process_time() - used)
    count = sum(p.numel() for p in network.parameters())
    print(f'{name}: {count / 1e6:.2f} M parameters, {multiplications:.0f} M multiplications, {BATCH / min(wall):.0f} images/s, '
          f'{1e3 * min(cpu) / BATCH:.2f} ms of CPU an image', flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--threads', type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    measure('student', Student())
    measure('MobileFaceNet', mobile_face_net())


if __name__ == '__main__':
    main()
