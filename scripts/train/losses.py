"""What the student is taught: the teacher's direction, and how alike the teacher finds any two faces."""
import torch
import torch.nn.functional as F

#: Weights beside the cosine's 1. The squared differences of similarities are about 0.01 at first: 20 makes them count as much.
RELATION_WEIGHT, CHOICE_WEIGHT = 20.0, 0.1
CHOICE_SCALE = 24.0


def principal_directions(teacher, count):
    """The projection [features, count] that keeps most of the teacher's inner products (no mean is taken off)."""
    _, values, vectors = torch.linalg.svd(teacher, full_matrices=False)
    kept = values[:count].square().sum() / values.square().sum()
    return vectors[:count].T.contiguous(), float(kept)


def distillation(student, teacher):
    """`student` [B, d] and `teacher` [B, d], the second of unit length. Returns the loss and the mean cosine."""
    unit = F.normalize(student)
    cosine = (unit * teacher).sum(1).mean()
    other = 1 - torch.eye(len(unit))
    relation = ((unit @ unit.T - teacher @ teacher.T) * other).square().sum() / other.sum()
    choice = F.cross_entropy(CHOICE_SCALE * unit @ teacher.T, torch.arange(len(unit)))
    return 1 - cosine + RELATION_WEIGHT * relation + CHOICE_WEIGHT * choice, cosine.detach()
