"""Similarities, landmark warps and sampling of images by coordinates, all over batches.

Coordinates are pixels, x to the right and y down, whole numbers at the middle of a pixel, as in src/engines/face/warp.ts.
"""
import torch
import torch.nn.functional as F

#: Side of the student's crop, and of what the training keeps of a face: MARGIN more on each side (face-crops.ts).
CROP, MARGIN = 112, 8
CANVAS = CROP + 2 * MARGIN

#: Where the five landmarks go (models/manifest.json, mobilefacenet-foamliu and retail-0095).
ARCFACE = torch.tensor([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
RETAIL = torch.tensor([[40.393, 59.081], [87.3754, 59.081], [64.0333, 81.9853], [44.7322, 105.5603], [83.6403, 105.5603]])
ON_CANVAS = ARCFACE + MARGIN


def fit_similarity(source, target):
    """The similarities (a, b, tx, ty), [B, 4], that take `source` [B, P, 2] to `target` [B or 1, P, 2] with the least error."""
    p, q = source - source.mean(1, keepdim=True), target - target.mean(1, keepdim=True)
    spread = p.square().sum((1, 2))
    a = (p * q).sum((1, 2)) / spread
    b = (p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]).sum(1) / spread
    cx, cy = source.mean(1).unbind(-1)
    tx, ty = target.mean(1).expand(len(source), 2).unbind(-1)
    return torch.stack([a, b, tx - a * cx + b * cy, ty - b * cx - a * cy], 1)


def inverse(s):
    a, b, tx, ty = s.unbind(1)
    square = a * a + b * b
    return torch.stack([a / square, -b / square, -(a * tx + b * ty) / square, (b * tx - a * ty) / square], 1)


def apply(s, points):
    """Similarities [B, 4] on points [B, ..., 2]."""
    a, b, tx, ty = (v.reshape(-1, *[1] * (points.dim() - 2)) for v in s.unbind(1))
    x, y = points.unbind(-1)
    return torch.stack([a * x - b * y + tx, b * x + a * y + ty], -1)


def pixels(side):
    """The coordinates of all pixels, [1, side, side, 2]."""
    v = torch.arange(side, dtype=torch.float32)
    y, x = torch.meshgrid(v, v, indexing='ij')
    return torch.stack([x, y], -1)[None]


def sample(images, at, padding='zeros'):
    """Bilinear samples of images [B, C, H, W] at coordinates [B, h, w, 2]."""
    height, width = images.shape[2:]
    scale = torch.tensor([2 / width, 2 / height])
    grid = at * scale + (scale / 2 - 1)
    return F.grid_sample(images, grid, mode='bilinear', padding_mode=padding, align_corners=False)


def displacement(at, points, moves, sigma, stiffness=1e-3):
    """A smooth field [B, h, w, 2] that is moves [B, P, 2] at points [B, P, 2]: Gaussian radial functions of width `sigma`.

    The stiffer, the less a field bends where points that lie close together move apart.
    """
    kernel = torch.exp(-torch.cdist(points, points).square() / (2 * sigma**2))
    kernel = kernel + stiffness * torch.eye(points.shape[1])
    weights = torch.linalg.solve(kernel, moves)
    b, h, w, _ = at.shape
    reach = torch.exp(-torch.cdist(at.reshape(b, h * w, 2), points).square() / (2 * sigma**2))
    return (reach @ weights).reshape(b, h, w, 2)
