"""The teacher: the template space "ensemble" of models/manifest.json, run by PyTorch.

The two ONNX graphs hold a dozen kinds of operator between them, so they are read into PyTorch and run in bfloat16: a third of
onnxruntime's time in float32 where the CPU has AVX-512 BF16, at a cosine of about 0.999 to its features (README.md).
"""
import json
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

from geometry import ARCFACE, CROP, MARGIN, RETAIL, apply, fit_similarity, inverse, pixels, sample

RETAIL_SIDE = 128


class OnnxNetwork:
    """A convolutional ONNX graph as PyTorch calls; inference only."""

    def __init__(self, path, dtype=torch.bfloat16):
        graph = onnx.load(str(path)).graph
        self.dtype = dtype
        constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.steps = []
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == 'Constant':
                constants[node.output[0]] = numpy_helper.to_array(attributes['value'])
            else:
                self.steps.append((node.op_type, list(node.input), node.output[0], attributes))
        self.constants = {name: self._tensor(value) for name, value in constants.items()}
        self.input, self.output = graph.input[0].name, graph.output[0].name

    def _tensor(self, value):
        tensor = torch.tensor(np.asarray(value).tolist() if value.ndim == 0 else value)
        if tensor.dtype == torch.float32:
            tensor = tensor.to(self.dtype)
        return tensor.contiguous(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor

    @torch.no_grad()
    def __call__(self, batch):
        values = {self.input: batch.to(self.dtype).contiguous(memory_format=torch.channels_last)}
        for kind, names, output, attributes in self.steps:
            inputs = [values[n] if n in values else self.constants[n] for n in names if n]
            values[output] = OPERATORS[kind](inputs, attributes)
        return values[self.output].float().reshape(len(batch), -1)


def _conv(inputs, a):
    x, weight, bias = (*inputs, None)[:3]
    top, left, bottom, right = a.get('pads', (0, 0, 0, 0))
    pad = (top, left)
    if (top, left) != (bottom, right):
        x, pad = F.pad(x, (left, right, top, bottom)), 0
    return F.conv2d(x, weight, bias, a.get('strides', 1), pad, 1, a.get('group', 1))


OPERATORS = {
    'Conv': _conv,
    'Clip': lambda i, _: i[0].clamp(float(i[1]), float(i[2])),
    'Relu': lambda i, _: i[0].relu(),
    'Add': lambda i, _: i[0] + i[1],
    'Mul': lambda i, _: i[0] * i[1],
    'Sigmoid': lambda i, _: i[0].sigmoid(),
    'PRelu': lambda i, _: F.prelu(i[0], i[1].reshape(-1)),
    'AveragePool': lambda i, a: F.avg_pool2d(i[0], a['kernel_shape'], a.get('strides')),
    'Reshape': lambda i, _: i[0].reshape(len(i[0]), -1),
}


class Teacher:
    """Templates of the space "ensemble": each member's unit features times the root of its share, joined."""

    def __init__(self, models, dtype=torch.bfloat16):
        root = Path(models)
        self.retail = OnnxNetwork(root / 'face_reidentification_retail_0095.onnx', dtype)
        self.mobile = OnnxNetwork(root / 'mobilefacenet_foamliu.onnx', dtype)

    def __call__(self, canvas, landmarks):
        """Features [B, 384] of faces [B, 3, CANVAS, CANVAS], RGB 0..255, with landmarks [B, 5, 2] on the canvas."""
        a = self.retail(aligned(canvas, landmarks, RETAIL, RETAIL_SIDE).flip(1))
        mean, std = (torch.tensor(v).reshape(1, 3, 1, 1) for v in ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)))
        b = self.mobile((aligned(canvas, landmarks, ARCFACE, CROP) - mean) / std)
        return torch.cat([F.normalize(a), F.normalize(b)], 1) * 0.5**0.5


def aligned(canvas, landmarks, template, side):
    """The crop that a recogniser with this template wants, [B, 3, side, side]."""
    to_canvas = inverse(fit_similarity(landmarks, template[None]))
    return sample(canvas, apply(to_canvas, pixels(side).expand(len(canvas), -1, -1, -1)))
