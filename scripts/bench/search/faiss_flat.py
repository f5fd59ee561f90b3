"""Searches with Faiss' exact flat index (IndexFlatIP, two threads); prints an OutsideReport (outside.ts)."""
import json
import os
import sys
import time

import faiss
import numpy

task = json.loads(sys.argv[1])
feature_count = task["featureCount"]


def vectors(name):
    values = numpy.fromfile(os.path.join(task["folder"], name), dtype="<f4")
    return values.reshape(-1, feature_count)


def timed(engine, index, probes, group_size):
    times_ms, first_rows = [], []
    index.search(probes[:group_size], task["listLength"])
    start = time.perf_counter()
    for first in range(0, len(probes) - group_size + 1, group_size):
        if (time.perf_counter() - start) * 1000 > task["budgetMs"]:
            break
        asked = time.perf_counter()
        _, rows = index.search(probes[first : first + group_size], task["listLength"])
        answered = time.perf_counter()
        times_ms += [(answered - asked) * 1000] * group_size
        first_rows += [int(row) for row in rows[:, 0]]
    return {
        "engine": engine,
        "timesMs": times_ms,
        "firstRows": first_rows,
        "queriesPerSecond": len(times_ms) / (time.perf_counter() - start),
    }


faiss.omp_set_num_threads(2)
rows, probes = vectors("rows.f32"), vectors("probes.f32")
start = time.perf_counter()
index = faiss.IndexFlatIP(feature_count)
index.add(rows)
load_s = time.perf_counter() - start
runs = [
    timed(f"Faiss {faiss.__version__} FlatIP, 1 query", index, probes, 1),
    timed(f"Faiss {faiss.__version__} FlatIP, 16 queries", index, probes, 16),
]
print(json.dumps({"loadS": load_s, "bytesPerTemplate": 4 * feature_count, "runs": runs}))
