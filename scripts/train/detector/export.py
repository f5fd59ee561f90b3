"""
Exports the averaged weights of a checkpoint to ONNX with YuNet's input and outputs:
`python export.py --checkpoint FILE --out FILE.onnx [--bias LOGITS]`. Batch normalisation is folded into the convolutions; the
outputs of onnxruntime and torch are compared at two sizes, and a difference is an error.
"""

import argparse
import inspect

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn
from torch.nn.utils import fuse_conv_bn_eval

from net import VALUES, STRIDES, Detector, Narrow, Separable, by_name, parameter_count

OPSET = 13
DIFFERENCE_MAX = 1e-3
# Releases since 2.5 have another exporter too, which asks for more packages.
TRACED = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}


class Exported(nn.Module):
    """@param bias logits added to cls and obj: where the product's one threshold lies on the student's scale"""

    def __init__(self, net, bias):
        super().__init__()
        self.net = folded(net)
        for head in net.heads:
            head.depth.bias.data[:2] += bias
        self.names = [f"{name}_{stride}" for name in VALUES for stride in STRIDES]

    def forward(self, images):
        named = by_name(self.net(images))
        return tuple(named[name] for name in self.names)


def folded(net):
    net.eval()
    for module in list(net.modules()):
        if isinstance(module, (Narrow, Separable)):
            module.depth, module.norm = fuse_conv_bn_eval(module.depth, module.norm), nn.Identity()
        elif isinstance(module, nn.Sequential) and len(module) > 1 and isinstance(module[1], nn.BatchNorm2d):
            module[0], module[1] = fuse_conv_bn_eval(module[0], module[1]), nn.Identity()
    return net


def export(net, path, bias=0.0):
    model = Exported(net, bias)
    axes = {"input": {0: "batch", 2: "height", 3: "width"}} | {name: {0: "batch", 1: "cells"} for name in model.names}
    torch.onnx.export(
        model, torch.zeros(1, 3, 64, 64), path, input_names=["input"], output_names=model.names,
        dynamic_axes=axes, opset_version=OPSET, **TRACED,
    )  # fmt: skip
    onnx.checker.check_model(onnx.load(path))
    return compare(model, path)


def compare(model, path):
    """The greatest difference between torch and onnxruntime over noise of two sizes."""
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    worst = 0.0
    for shape in ((1, 3, 256, 224), (2, 3, 96, 160)):
        images = np.random.default_rng(7).uniform(0, 255, shape).astype(np.float32)
        with torch.no_grad():
            ours = model(torch.from_numpy(images))
        for name, value, theirs in zip(model.names, ours, session.run(model.names, {"input": images})):
            if value.shape != theirs.shape:
                raise SystemExit(f"{name}: {tuple(value.shape)} in torch, {theirs.shape} in onnxruntime")
            worst = max(worst, float(np.abs(value.numpy() - theirs).max()))
    if worst > DIFFERENCE_MAX:
        raise SystemExit(f"torch and onnxruntime differ by {worst}")
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--bias", type=float, default=0.0)
    options = parser.parse_args()
    net = Detector()
    net.load_state_dict(torch.load(options.checkpoint)["average"])
    count = parameter_count(net)
    print(f"{count} parameters, greatest difference {export(net, options.out, options.bias):.1e}")


if __name__ == "__main__":
    main()
