"""Golden values of LEACE and its oracle form from the PyPI package concept-erasure.

Run: python concept-erasure.py   (needs concept-erasure and torch; writes ../concept-erasure.golden.json)

Inputs are float32 numbers; everything is computed from them in float64. P is the published `eye - proj_left @ proj_right`.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy
import torch
from concept_erasure import LeaceEraser, OracleEraser

rng = numpy.random.default_rng(11)


def problem(name, n, d, classes, *, constant=False, shift=1.0, soft=False):
    labels = rng.integers(classes, size=n)
    labels[:classes] = range(classes)
    data = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + shift * rng.normal(size=(classes, d))[labels] + 2
    if constant:
        data[:, 1] = 5
    data = numpy.round(data, 3).astype(numpy.float32)
    z = labels[:, None].astype(float) if classes == 2 else numpy.eye(classes)[labels]
    if soft:
        z = numpy.round(0.1 + 0.8 * z + 0.05 * rng.normal(size=z.shape), 3).astype(numpy.float32).astype(float)
    return name, data, z


def listed(array):
    return numpy.asarray(array).ravel().tolist()


def solved(name, data, z):
    x, concept = torch.tensor(data.astype(float)), torch.tensor(z)
    fits = {
        "shrunk": LeaceEraser.fit(x, concept),
        "empirical": LeaceEraser.fit(x, concept, shrinkage=False),
        "orth": LeaceEraser.fit(x, concept, method="orth"),
    }
    expected = {key: {"projection": listed(fit.P), "erased": listed(fit(x)[:6])} for key, fit in fits.items()}
    expected["oracle"] = {"erased": listed(OracleEraser.fit(x, concept)(x, concept)[:6])}
    features = [float(f"{value:.9g}") for value in data.ravel()]
    return {
        "name": name,
        "features": {"rows": len(data), "columns": data.shape[1], "data": features},
        "concept": {"rows": len(z), "columns": z.shape[1], "data": listed(z)},
        "expected": expected,
    }


problems = [
    problem("two classes", 60, 5, 2),
    problem("two classes, a faint trace", 80, 4, 2, shift=0.05),
    problem("four classes, one-hot", 90, 6, 4),
    problem("soft labels", 50, 4, 2, soft=True),
    problem("constant column", 40, 4, 2, constant=True),
    problem("fewer rows than columns", 12, 20, 2),
]
golden = {
    "madeWith": {name: version(name) for name in ["concept-erasure", "torch", "numpy"]},
    "problems": [solved(*given) for given in problems],
}
target = Path(__file__).parent.parent / "concept-erasure.golden.json"
target.write_text(json.dumps(golden) + "\n")
