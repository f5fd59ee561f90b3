"""Writes the trained average as ONNX: `export_recogniser.py --checkpoint FILE --out FILE [--data FOLDER]`.

Batch normalisation is folded into the convolutions and weights are stored as float16 (half the size) and widened to float32 by
the graph: onnxruntime does that once, when it loads the file, and computes in float32. The same checkpoint gives the same bytes.
With --data the file is checked against PyTorch, and `check.f32` is written for check-export.ts.
"""
import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from geometry import CROP
from student import FEATURES, Student

OPSET = 13
CHECKED_FACES = 64
#: float16 weights move features by about 1e-3; a wrong graph moves them by 1.
COSINE_MIN = 0.9999


class Graph:
    """Nodes of an ONNX graph, in the order in which they run."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def add(self, kind, *inputs, **attributes):
        name = f'{kind.lower()}{len(self.nodes)}'
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def weight(self, values):
        """float16 in the file, float32 where it is used."""
        name = f'w{len(self.weights)}'
        array = values.detach().double().numpy().astype(np.float16)
        self.weights.append(numpy_helper.from_array(array, name))
        return self.add('Cast', name, to=TensorProto.FLOAT)

    def normed(self, x, pair):
        """A convolution with its batch normalisation folded in."""
        layer, norm = pair
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        weight, bias = layer.weight * scale.reshape(-1, 1, 1, 1), norm.bias - norm.running_mean * scale
        pads = list(layer.padding) * 2
        return self.add('Conv', x, self.weight(weight), self.weight(bias), strides=list(layer.stride), pads=pads,
                        kernel_shape=list(layer.kernel_size), group=layer.groups)

    def block(self, x, block):
        inner = self.add('Relu', self.normed(x, block.first))
        return self.add('Relu', self.add('Add', x, self.normed(inner, block.second)))


def graph_of(network):
    graph, x = Graph(), 'input'
    for part in network.body:
        if isinstance(part, torch.nn.ReLU):
            x = graph.add('Relu', x)
        elif isinstance(part, torch.nn.Sequential):
            x = graph.normed(x, part)
        else:
            x = graph.block(x, part)
    x = graph.add('Flatten', graph.normed(x, network.gather))
    x = graph.add('Gemm', x, graph.weight(network.out.weight), graph.weight(network.out.bias), transB=1)
    graph.nodes[-1].output[0] = 'features'
    image = helper.make_tensor_value_info('input', TensorProto.FLOAT, ['n', 3, CROP, CROP])
    features = helper.make_tensor_value_info('features', TensorProto.FLOAT, ['n', FEATURES])
    made = helper.make_graph(graph.nodes, 'portcullis-recogniser', [image], [features], graph.weights)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid('', OPSET)], producer_name='portcullis')
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def check(path, network, folder):
    """Compares the file with PyTorch on faces of LFW-dev, and leaves what PyTorch says for check-export.ts."""
    import onnxruntime

    from faces import FaceSet
    from geometry import MARGIN
    from lfw import normalised

    faces = FaceSet(folder, 'lfw')
    crops = normalised(faces.canvases(slice(0, CHECKED_FACES))[:, :, MARGIN:MARGIN + CROP, MARGIN:MARGIN + CROP])
    with torch.no_grad():
        wanted = torch.nn.functional.normalize(network(crops)).numpy()
    session = onnxruntime.InferenceSession(str(path))
    got = session.run(None, {'input': crops.numpy()})[0]
    cosines = (got * wanted).sum(1) / np.linalg.norm(got, axis=1)
    print(f'cosine to PyTorch: least {cosines.min():.6f} of {len(cosines)} faces')
    if cosines.min() < COSINE_MIN:
        raise SystemExit('the exported graph does not compute what PyTorch does')
    (Path(folder) / 'check.f32').write_bytes(wanted.astype(np.float32).tobytes())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--checkpoint', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--data')
    options = parser.parse_args()
    network = Student()
    network.load_state_dict(torch.load(options.checkpoint)['average'])
    network.eval()
    data = graph_of(network).SerializeToString(deterministic=True)
    Path(options.out).write_bytes(data)
    count = sum(p.numel() for p in network.parameters())
    print(f'{options.out}: {len(data)} bytes, {count} parameters, sha256 {hashlib.sha256(data).hexdigest()}')
    if options.data:
        check(options.out, network, options.data)


if __name__ == '__main__':
    main()
