"""What the teacher's answers to a scene teach."""

import numpy as np

from teacher import boxes_of, overlap

# A teacher's score from which its geometry is believed.
SEEN = 0.3
# A face that the teacher gives less is neither taught nor held against the student.
TEACHER_SCORE_MIN = 0.45
# Scores below this are taught as none at all.
SCORE_FLOOR = 0.03


def label(scores, geometry, cells, known, expected=None):
    """
    What is taught of one scene with the boxes `known` of its faces, [faces, 4]. The teacher's scores count where it sees a face that was put there; elsewhere the target is 0.
    @param expected [faces] booleans: which of them are left out when the teacher misses them; all unless told
    @returns positions of cells with a target, their scores, their geometry; positions of cells that are left out of the loss
    """
    boxes = boxes_of(geometry, cells)
    known = np.asarray(known, np.float64).reshape(-1, 4)
    meets = overlap(boxes, known) if len(known) else np.zeros((len(cells), 0))
    is_known = (meets > 0.3).any(1)
    taught = is_known & (scores >= SCORE_FLOOR)
    left_out = np.zeros(len(cells), bool)
    centres = (cells[:, :2] + 0.5) * cells[:, 2:]
    for i, box in enumerate(known):
        best = scores[meets[:, i] > 0.3].max(initial=0)
        if best < TEACHER_SCORE_MIN and (expected is None or expected[i]):
            left_out |= ((centres >= box[:2]) & (centres <= box[2:])).all(1)
    return np.flatnonzero(taught), scores[taught], geometry[taught], np.flatnonzero(left_out & ~taught)
