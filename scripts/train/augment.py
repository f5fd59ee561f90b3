"""Cheap changes of a face that leave its label: what a camera, a codec or a hand before the face does to the same person.

All on batches [B, 3, H, W] of 0..255, on the CPU, with one generator for all chance.
"""
import math

import torch
import torch.nn.functional as F

from geometry import CROP, MARGIN, pixels, sample


class Augmenter:
    """`crop → occlude → blur or reduce → colours → noise → codec`. State of `random` is all that a resumed run needs."""

    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)
        self.grid = pixels(CROP)
        self.codec = Codec()

    def uniform(self, *shape, low=0.0, high=1.0):
        return torch.rand(*shape, generator=self.random) * (high - low) + low

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.random)

    def some(self, count, share):
        """Positions of about `share` of the batch."""
        return (self.uniform(count) < share).nonzero()[:, 0]

    def __call__(self, canvas):
        """Crops [B, 3, CROP, CROP] of canvases [B, 3, CANVAS, CANVAS]."""
        faces = self._crop(canvas)
        for change, share in ((self._occlude, 0.15), (self._blur, 0.2), (self._reduce, 0.25), (self._colours, 0.7)):
            self._apply(change, faces, share)
        self._apply(self._noise, faces, 0.15)
        faces.clamp_(0, 255)
        self._apply(self._compress, faces, 0.2)
        return faces

    def _apply(self, change, faces, share):
        rows = self.some(len(faces), share)
        if len(rows) > 0:
            faces[rows] = change(faces[rows])

    def _crop(self, canvas):
        """A mirrored half, and errors of the landmarks: turns of a few degrees, scale, stretch and shift of a few pixels."""
        count = len(canvas)
        angle = self.normal(count, 1, 1) * math.radians(3)
        size = torch.exp(self.normal(count, 1, 1, 2) * 0.02 + self.normal(count, 1, 1, 1) * 0.04)
        middle = (CROP - 1) / 2
        x, y = ((self.grid - middle) * size).unbind(-1)
        shift = self.normal(count, 1, 1, 2) * 1.5 + middle + MARGIN
        at = torch.stack([x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos()], -1) + shift
        faces = sample(canvas, at)
        return torch.where((self.uniform(count, 1, 1, 1) < 0.5), faces.flip(3), faces)

    def _occlude(self, faces):
        """An ellipse or a box of one colour somewhere, or a bar over both eyes (sunglasses) or the mouth (a mask)."""
        count = len(faces)
        kind = self.uniform(count, 1, 1)
        centre = self.uniform(count, 1, 1, 2, low=8, high=CROP - 8)
        half = self.uniform(count, 1, 1, 2, low=6, high=22)
        eyes, mouth = kind < 0.15, kind > 0.92
        centre = torch.where(eyes[..., None], torch.tensor([56.0, 52.0]), centre)
        half = torch.where(eyes[..., None], torch.tensor([34.0, 9.0]), half)
        centre = torch.where(mouth[..., None], torch.tensor([56.0, 98.0]), centre)
        half = torch.where(mouth[..., None], torch.tensor([36.0, 24.0]), half)
        off = ((self.grid - centre) / half).abs()
        inside = torch.where(kind < 0.5, off.amax(-1), off.square().sum(-1)) < 1
        colour = self.uniform(count, 3, 1, 1, high=255) * self.uniform(count, 1, 1, 1)
        return torch.where(inside[:, None], colour, faces)

    def _blur(self, faces):
        sigma = float(self.uniform(1, low=0.4, high=1.8))
        reach = torch.arange(-4.0, 5.0)
        line = torch.exp(-(reach**2) / (2 * sigma**2))
        line = (line / line.sum()).repeat(3, 1)
        faces = F.conv2d(F.pad(faces, (4, 4, 0, 0), 'replicate'), line.reshape(3, 1, 1, 9), groups=3)
        return F.conv2d(F.pad(faces, (0, 0, 4, 4), 'replicate'), line.reshape(3, 1, 9, 1), groups=3)

    def _reduce(self, faces):
        """As a small face comes, scaled up: from a third of the size."""
        side = int(self.uniform(1, low=CROP * 0.33, high=CROP * 0.9))
        small = F.interpolate(faces, size=side, mode='bilinear', antialias=True, align_corners=False)
        return F.interpolate(small, size=CROP, mode='bilinear', align_corners=False)

    def _colours(self, faces):
        """Exposure, contrast, gamma, white balance and saturation; one in ten without colour."""
        count = len(faces)
        grey = faces.mean(1, keepdim=True)
        saturation = (1 + self.normal(count, 1, 1, 1) * 0.3).clamp(0, 2) * (self.uniform(count, 1, 1, 1) > 0.1)
        faces = grey + (faces - grey) * saturation
        contrast = torch.exp(self.normal(count, 1, 1, 1) * 0.2)
        cast = torch.exp(self.normal(count, 3, 1, 1) * 0.06)
        faces = ((faces - 128) * contrast + 128 + self.normal(count, 1, 1, 1) * 20) * cast
        gamma = torch.exp(self.normal(count, 1, 1, 1) * 0.2)
        return 255 * (faces.clamp(1, 255) / 255) ** gamma

    def _noise(self, faces):
        """Of the sensor; half of it coarse, as enlarged and compressed images have it."""
        strength = self.uniform(len(faces), 1, 1, 1, high=14)
        fine, coarse = self.normal(*faces.shape), self.normal(len(faces), 3, CROP // 2, CROP // 2)
        return faces + strength * (fine + F.interpolate(coarse, size=CROP, mode='bilinear', align_corners=False)) * 0.6

    def _compress(self, faces):
        return self.codec(faces, self.uniform(len(faces), low=0.6, high=5))


class Codec:
    """What JPEG does to an image: 8 × 8 cosine transforms of Y, Cb and Cr, rounded to steps (ITU-T T.81, annex K)."""

    LUMA = torch.tensor([
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62], [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99]], dtype=torch.float32)
    TO_YCC = torch.tensor([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])

    def __init__(self):
        k = torch.arange(8.0)
        self.cosines = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) * 0.5
        self.cosines[0] *= 0.5**0.5
        self.steps = torch.stack([self.LUMA, self.LUMA * 1.6, self.LUMA * 1.6]).clamp(max=120)
        self.from_ycc = torch.linalg.inv(self.TO_YCC)

    def __call__(self, faces, coarseness):
        """`coarseness` [B] multiplies the standard's steps: 1 is quality 50, 5 is quality 10."""
        count, _, side, _ = faces.shape
        blocks = torch.einsum('kc,nchw->nkhw', self.TO_YCC, faces - 128)
        blocks = blocks.reshape(count, 3, side // 8, 8, side // 8, 8).transpose(3, 4)
        step = self.steps[None, :, None, None] * coarseness.reshape(-1, 1, 1, 1, 1, 1) * 0.5
        rounded = (self.cosines @ blocks @ self.cosines.T / step).round() * step
        blocks = (self.cosines.T @ rounded @ self.cosines).transpose(3, 4).reshape(count, 3, side, side)
        return (torch.einsum('kc,nchw->nkhw', self.from_ycc, blocks) + 128).clamp(0, 255)
