"""Golden values of outlier factors, nearest neighbours and isolation forests from scikit-learn.

Run: python anomaly-detectors.py   (needs scikit-learn; writes ../anomaly-detectors.golden.json)

Inputs are float32 numbers; outlier factors and neighbours are computed from them in float64. Isolation forests draw
their cuts, so their scores are means over many trees and are compared only as far as those means are known.
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.ensemble._iforest import _average_path_length
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

rng = numpy.random.default_rng(11)


def rows(n, d, *, shift=0.0, clusters=1):
    data = rng.normal(size=(n, d)) * numpy.exp(rng.normal(size=d)) + shift
    data = data + 6 * rng.normal(size=(clusters, d))[rng.integers(clusters, size=n)]
    return numpy.round(data, 3).astype(numpy.float32)


def matrix(data):
    return {"rows": data.shape[0], "columns": data.shape[1], "data": [float(f"{x:.9g}") for x in data.ravel()]}


def outlier_factor(name, references, queries, neighbours):
    fitted = LocalOutlierFactor(n_neighbors=neighbours, novelty=True).fit(references.astype(float))
    queries64 = queries.astype(float)
    return {
        "name": name,
        "references": matrix(references),
        "queries": matrix(queries),
        "neighbours": neighbours,
        "scores": fitted.score_samples(queries64).tolist(),
        "decisions": fitted.decision_function(queries64).tolist(),
    }


def nearest(name, references, queries, k):
    fitted = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(references.astype(float))
    distances, indices = fitted.kneighbors(queries.astype(float))
    other_distances, other_indices = fitted.kneighbors()
    return {
        "name": name,
        "references": matrix(references),
        "queries": matrix(queries),
        "k": k,
        "distances": distances.ravel().tolist(),
        "indices": indices.ravel().tolist(),
        "otherDistances": other_distances.ravel().tolist(),
        "otherIndices": other_indices.ravel().tolist(),
    }


def isolation(name, references, queries, subsample):
    fitted = IsolationForest(n_estimators=2000, max_samples=subsample, random_state=0).fit(references)
    return {
        "name": name,
        "references": matrix(references),
        "queries": matrix(queries),
        "subsample": subsample,
        "scores": fitted.score_samples(queries).tolist(),
    }


def with_outliers(data, n):
    far = data[:n] + numpy.float32(8) * rng.normal(size=(n, data.shape[1])).astype(numpy.float32)
    return numpy.concatenate([data[n : 2 * n], numpy.round(far, 3).astype(numpy.float32)])


clustered = rows(120, 5, clusters=3)
shifted = rows(60, 8, shift=1000)
repeated = numpy.repeat(rows(6, 3), 8, axis=0)
small = rows(9, 4)
wide = rows(30, 40, clusters=2)
line = rows(90, 1)
golden = {
    "madeWith": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "outlierFactor": [
        outlier_factor("three clusters", clustered, with_outliers(clustered, 8), 20),
        outlier_factor("far from zero", shifted, with_outliers(shifted, 8), 20),
        outlier_factor("repeated rows", repeated, numpy.concatenate([repeated[:4], rows(6, 3)]), 5),
        outlier_factor("fewer rows than neighbours", small, rows(6, 4), 20),
        outlier_factor("more columns than rows", wide, with_outliers(wide, 6), 20),
    ],
    "nearest": [
        nearest("three clusters", clustered, rows(12, 5, clusters=3), 7),
        nearest("far from zero", shifted, with_outliers(shifted, 6), 5),
        nearest("more columns than rows", wide, rows(9, 40), 6),
    ],
    "averagePathLengths": {
        str(n): float(_average_path_length(numpy.array([n]))[0]) for n in [0, 1, 2, 3, 4, 10, 100, 256, 12_345]
    },
    "isolation": [
        isolation("three clusters", clustered, with_outliers(clustered, 8), 64),
        isolation("one column", line, numpy.linspace(-6, 6, 13, dtype=numpy.float32)[:, None], 90),
        isolation("repeated rows", repeated, numpy.concatenate([repeated[:4], rows(6, 3)]), 40),
    ],
}
target = Path(__file__).parent.parent / "anomaly-detectors.golden.json"
target.write_text(json.dumps(golden) + "\n")
