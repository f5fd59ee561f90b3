"""Makes new faces out of one to three aligned ones: landmark warps, blends by weight or by region, pose, shape and light.

The teacher labels what comes out, so it need not look like a photograph of anybody: it must only spread over what faces can be.
"""
import torch
import torch.nn.functional as F

from geometry import CANVAS, ON_CANVAS, apply, displacement, fit_similarity, inverse, pixels, sample

#: Distances from the plane of the eyes towards the camera, in pixels of the canvas, of an average head: for the five landmarks …
LANDMARK_DEPTH = torch.tensor([0.0, 0.0, 16.0, 5.0, 5.0])
#: … and for the rest an ellipsoid about the middle of the face (half axes across, down and deep) with a nose on it.
HEAD_AXES, HEAD_CENTRE = (50.0, 64.0, 44.0), (64.0, 72.0)
#: Where pixels come from changes smoothly: it is computed for this many rows and columns, and interpolated between.
COARSE = 33
STIFFNESS = 0.3  # of the changes of shape, whose points may nearly coincide
SIGMA_LANDMARKS = 26.0  # width of the landmark warp: about the distance from eye to nose


class Composer:
    """Draws faces from a set. `random` is the only source of chance, so a seed gives the same faces again."""

    def __init__(self, faces, seed, different=0.4):
        """@param different share of faces that the difference of two others is added to"""
        self.faces, self.different = faces, different
        self.random = torch.Generator().manual_seed(seed)
        self.grid = pixels(COARSE) * ((CANVAS - 1) / (COARSE - 1))
        self.normals = _normals(pixels(CANVAS))

    def uniform(self, *shape, low=0.0, high=1.0):
        return torch.rand(*shape, generator=self.random) * (high - low) + low

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.random)

    def chance(self, count, share):
        return self.uniform(count) < share

    def __call__(self, count):
        """`count` faces, float [count, 3, CANVAS, CANVAS] 0..255, and their landmarks [count, 5, 2]: `draw → shape → blend → light`."""
        images, points = self._draw(count)
        share = self._shares(count)
        target = (points * share[..., None, None]).sum(1)
        at, target = self._shape(target)
        stack = images.clone()
        for k in range(images.shape[1]):
            rows = share[:, k].nonzero()[:, 0]  # the others are not seen
            stack[rows, k] = sample(images[rows, k], _finely(at(rows, points[rows, k])), padding='border')
        stack = self._matched_colours(stack)
        return self._light(self._blend(stack, share)).clamp(0, 255), target

    def _draw(self, count):
        """Three faces each, half of them mirrored: images [count, 3, 3, CANVAS, CANVAS], landmarks [count, 3, 5, 2]."""
        which = torch.randint(len(self.faces.names), (count * 3,), generator=self.random)
        images, points = self.faces.canvases(which.numpy()), self.faces.landmarks[which].clone()
        mirror = self.chance(count * 3, 0.5)
        images[mirror] = images[mirror].flip(3)
        turned = points[mirror][:, [1, 0, 2, 4, 3]]
        turned[..., 0] = CANVAS - 1 - turned[..., 0]
        points[mirror] = turned
        return images.reshape(count, 3, 3, CANVAS, CANVAS), points.reshape(count, 3, 5, 2)

    def _shares(self, count):
        """How much of each of the three faces, [count, 3], in sum 1: one, two or three of them, now and then more than all of one;
        or the first with the difference of the other two added, which leads to people that lie between no two others."""
        share = -self.uniform(count, 3, low=1e-6).log()  # Dirichlet(1, 1, 1)
        faces = self.uniform(count)
        share[faces < 0.65, 2] = 0
        share[faces < 0.2, 1] = 0
        share = share / share.sum(1, keepdim=True)
        beyond = self.chance(count, 0.3) * self.uniform(count, high=0.6)
        first = torch.tensor([1.0, 0, 0])
        share = share + beyond[:, None] * (first - share)
        different = first + self.uniform(count, 1, low=0.2, high=0.8 + max(0.0, self.different - 0.4)) * torch.tensor([0.0, 1, -1])
        return torch.where(self.chance(count, self.different)[:, None], different, share)

    def _shape(self, target):
        """Where each pixel of the new face comes from: pose, then a smooth change of shape, then the landmarks of the sources."""
        count = len(target)
        stretch = torch.exp(self.normal(count, 1, 2) * 0.04)
        target = (target - CANVAS / 2) * stretch + CANVAS / 2
        target = target + self.normal(count, 5, 2) * self.uniform(count, 1, 1, high=2.5)
        spots = self.uniform(count, 6, 2, low=28, high=100)
        moves = self.normal(count, 6, 2) * self.uniform(count, 1, 1, high=3.2)
        yaw = self.normal(count).clamp(-2.2, 2.2) * 0.3 * self.chance(count, 0.6)
        pitch = self.normal(count).clamp(-2, 2) * 0.18 * self.chance(count, 0.5)
        posed = _turned(target, LANDMARK_DEPTH[None], yaw, pitch)
        align = fit_similarity(posed, ON_CANVAS[None])
        final = apply(align, posed)

        frontal = _unturned(apply(inverse(align), self.grid.expand(count, -1, -1, -1)), yaw, pitch)
        sigma = 11 + 13 * float(self.uniform(1))
        frontal = frontal + displacement(frontal, spots, moves, sigma, STIFFNESS)
        drift = displacement(target[:, :, None], spots, moves, sigma, STIFFNESS)[:, :, 0]

        def source(rows, points):
            anchors = (target + drift)[rows]
            return frontal[rows] + displacement(frontal[rows], anchors, points - anchors, SIGMA_LANDMARKS)

        return source, final

    def _matched_colours(self, stack):
        """Moves colours of all sources towards the first one's, so that blends have no seams: [B, 3, 3, H, W]."""
        middle = stack[..., 32:112:4, 32:96:4]
        mean, std = middle.mean((3, 4), keepdim=True), middle.std((3, 4), keepdim=True).clamp(min=8)
        move = 1 - self.uniform(len(stack), 1, 1, 1, 1, high=0.3)
        gain = ((std[:, :1] / std).clamp(0.5, 2) - 1) * move + 1
        return stack * gain + (mean + (mean[:, :1] - mean) * move - mean * gain)

    def _blend(self, stack, share):
        """By weight all over, or by soft random regions whose sizes follow the weights."""
        count = len(stack)
        noise = F.interpolate(self.normal(count, 3, 5, 5), size=CANVAS, mode='bicubic', align_corners=False)
        symmetric = self.chance(count, 0.6)
        noise[symmetric] = (noise + noise.flip(3))[symmetric] * 0.7
        sharp = self.uniform(count, 1, 1, 1, low=1.5, high=9.0)
        region = torch.softmax(noise * sharp + share.clamp(min=1e-4)[..., None, None].log(), 1)
        even = share[..., None, None].expand_as(region)
        regional = self.chance(count, 0.6) & (share >= 0).all(1)
        weight = torch.where(regional[:, None, None, None], region, even)
        return torch.einsum('nkchw,nkhw->nchw', stack, weight)

    def _light(self, faces):
        """A lamp from a random side over the average head, and a change of skin tone."""
        count = len(faces)
        side = F.normalize(torch.cat([self.normal(count, 2), self.uniform(count, 1, low=0.4, high=1.6)], 1))
        lit = torch.einsum('nk,khw->nhw', side, self.normals)[:, None]
        strength = self.uniform(count, 1, 1, 1, high=0.7) * self.chance(count, 0.6)[:, None, None, None]
        shade = 1 + strength * (lit - lit.mean((2, 3), keepdim=True))
        tone = torch.exp(self.normal(count, 1, 1, 1) * 0.18 + self.normal(count, 3, 1, 1) * 0.06)
        gamma = torch.exp(self.normal(count, 1, 1, 1) * 0.22)
        return 255 * (faces.clamp(1, 255) / 255 * shade * tone).clamp(min=1e-3) ** gamma


def _finely(at):
    """Coordinates [B, COARSE, COARSE, 2] for every pixel of the canvas."""
    planes = F.interpolate(at.permute(0, 3, 1, 2), size=CANVAS, mode='bilinear', align_corners=True)
    return planes.permute(0, 2, 3, 1)


def _depth(at):
    """How far the average head stands out of the plane of the eyes at coordinates [..., 2]."""
    (across, down, deep), (x, y) = HEAD_AXES, HEAD_CENTRE
    left = 1 - ((at[..., 0] - x) / across) ** 2 - ((at[..., 1] - y) / down) ** 2
    nose = 12 * torch.exp(-((at[..., 0] - x) ** 2) / 90 - (at[..., 1] - 76) ** 2 / 160)
    return 0.9 * deep * left.clamp(min=0.02).sqrt() - 32 + nose


def _turned(points, depth, yaw, pitch):
    """Where points [B, P, 2] with depths go when the head turns (orthographic camera)."""
    (x, y), (yaw, pitch) = HEAD_CENTRE, (yaw[:, None], pitch[:, None])
    across, down = points[..., 0] - x, points[..., 1] - y
    return torch.stack([x + across * yaw.cos() + depth * yaw.sin(), y + down * pitch.cos() + depth * pitch.sin()], -1)


def _unturned(at, yaw, pitch):
    """The frontal pixels that are seen at coordinates [B, H, W, 2] of the turned head, by three steps of fixed-point search."""
    (x, y), (yaw, pitch) = HEAD_CENTRE, (yaw[:, None, None], pitch[:, None, None])
    frontal = at
    for _ in range(3):
        depth = _depth(frontal)
        across = (at[..., 0] - x - depth * yaw.sin()) / yaw.cos()
        down = (at[..., 1] - y - depth * pitch.sin()) / pitch.cos()
        frontal = torch.stack([x + across, y + down], -1) * 0.7 + frontal * 0.3
    return frontal


def _normals(grid):
    """Unit normals of the average head, [3, CANVAS, CANVAS]."""
    depth = F.avg_pool2d(_depth(grid)[:, None], 9, 1, 4)[0, 0]
    dy, dx = torch.gradient(depth)
    return F.normalize(torch.stack([-dx, -dy, torch.ones_like(dx)]), dim=0)
