"""Golden values of anomaly detectors on activations, written out naively from the formulas of their sources.

Run: python activation-detectors.py   (needs scikit-learn, SciPy and pyod; writes ../activation-detectors.golden.json)

Inputs are float32 numbers; everything is computed from them in float64. Eigenvectors are oriented as in the package: the
largest component positive, the largest variance last in the reference library's form of quantum entropy.
"""

import importlib.metadata
import json
from pathlib import Path

import numpy
from pyod.models.pca import PCA
from scipy.linalg import expm
from sklearn.covariance import OAS, LedoitWolf
from sklearn.metrics.pairwise import cosine_similarity

rng = numpy.random.default_rng(23)
WIDTH, LAYERS = 5, 4


def rows(n, shift=0.0):
    mixing = numpy.random.default_rng(1).normal(size=(WIDTH * LAYERS, WIDTH * LAYERS))
    return numpy.round(rng.normal(size=(n, WIDTH * LAYERS)) @ mixing + shift, 3).astype(numpy.float32).astype(float)


def matrix(data):
    return {"rows": data.shape[0], "columns": data.shape[1], "data": [float(f"{x:.9g}") for x in data.ravel()]}


def layers(data):
    return [data[:, WIDTH * k : WIDTH * (k + 1)] for k in range(LAYERS)]


def mean_of(score):
    return numpy.mean([score(*parts) for parts in zip(layers(normal), layers(untrusted), layers(test))], axis=0).tolist()


def shrunk(a, shrinkage):
    n, d = a.shape
    fits = {"ledoit-wolf": LedoitWolf, "oas": OAS}
    if shrinkage in fits:
        return fits[shrinkage]().fit(a).covariance_ * n / (n - 1)
    c = numpy.cov(a.T)
    return (1 - shrinkage) * c + shrinkage * numpy.trace(c) / d * numpy.eye(d)


def mahalanobis(shrinkage, relative):
    def score(a, _, x):
        c, z = shrunk(a, shrinkage), x - a.mean(0)
        full = numpy.einsum("ni,ij,nj->n", z, numpy.linalg.pinv(c, rcond=1e-5, hermitian=True), z)
        return (full - relative * (z**2 / numpy.diag(c)).sum(1)) / WIDTH

    return mean_of(score)


def quantum_entropy(form, alpha):
    def score(a, u, x):
        values, vectors = numpy.linalg.eigh(numpy.cov(a.T))
        vectors = vectors * numpy.sign(vectors[abs(vectors).argmax(0), range(WIDTH)])
        white = vectors / numpy.sqrt(values)
        w = (x - a.mean(0)) @ white
        s = numpy.cov((u @ white).T if form == "published" else u.T)
        return numpy.einsum("ni,ij,nj->n", w, expm(alpha * s / numpy.linalg.norm(s, 2)), w)

    return mean_of(score)


def spectral_signature():
    def score(a, u, x):
        def raw(y):
            return ((y - u.mean(0)) @ numpy.linalg.eigh(numpy.cov(u.T))[1][:, -1]) ** 2

        return (raw(x) - raw(a).mean()) / raw(a).std()

    return mean_of(score)


def beatrix(powers, scale):
    def grams(a, p):
        gram = numpy.einsum("ni,nj->nij", a**p, a**p)
        upper = numpy.triu_indices(WIDTH)
        return (numpy.sign(gram) * abs(gram) ** (1 / p))[:, upper[0], upper[1]]

    def score(a, _, x):
        scores = []
        for p in range(1, powers + 1):
            known, g = grams(a, p), grams(x, p)
            median = numpy.median(known, 0)
            deviation = numpy.median(abs(known - median), 0)
            low, high = median - scale * deviation, median + scale * deviation
            below = numpy.maximum(0, low - g) / (abs(low) + 1e-6)
            above = numpy.maximum(0, g - high) / (abs(high) + 1e-6)
            scores.append((below + above).mean(1))
        return numpy.mean(scores, 0)

    return mean_of(score)


def trajectories(queries, references, k, own):
    cosines = [cosine_similarity(q, r) for q, r in zip(queries, references)]
    if own:
        for c in cosines:
            numpy.fill_diagonal(c, -numpy.inf)
    found = []
    for ref, c in enumerate(cosines):
        nearest = numpy.argsort(-c, axis=1)[:, :k]
        others = [layer for layer in range(LAYERS) if layer != ref]
        ranks = [
            [[(cosines[layer][i] > cosines[layer][i, j]).sum() for layer in others] for j in nearest[i]]
            for i in range(len(nearest))
        ]
        found.append(numpy.array(ranks, dtype=float).reshape(-1, LAYERS - 1))
    return found


def topological_evolution(k, score):
    known = trajectories(layers(normal), layers(normal), k, True)
    new = trajectories(layers(test), layers(normal), k, False)
    return numpy.mean([score(a, x).reshape(-1, k).mean(1) for a, x in zip(known, new)], axis=0).tolist()


def pyod_score(a, x):
    return PCA().fit(a).decision_function(x)


def projections(a, x):
    mean, deviation = a.mean(0), a.std(0)
    values, vectors = numpy.linalg.eigh(numpy.corrcoef(a.T))
    return (abs((x - mean) / deviation @ vectors) / (values / values.sum())).sum(1)


normal, untrusted, test = rows(61), rows(50, 0.5), rows(9, 1.0)
golden = {
    "origin": {name: importlib.metadata.version(name) for name in ["numpy", "scipy", "scikit-learn", "pyod"]},
    "width": WIDTH,
    "layers": LAYERS,
    "normal": matrix(normal),
    "untrusted": matrix(untrusted),
    "test": matrix(test),
    "anomalies": [
        {"technique": technique, "options": options, "scores": scores}
        for technique, options, scores in [
            ("mahalanobis", {}, mahalanobis(0, 0)),
            ("mahalanobis", {"relative": True}, mahalanobis(0, 1)),
            ("mahalanobis", {"shrinkage": 0.3}, mahalanobis(0.3, 0)),
            ("mahalanobis", {"shrinkage": "ledoit-wolf"}, mahalanobis("ledoit-wolf", 0)),
            ("mahalanobis", {"shrinkage": "oas", "relative": True}, mahalanobis("oas", 1)),
            ("quantum-entropy", {}, quantum_entropy("published", 4)),
            ("quantum-entropy", {"form": "cupbearer"}, quantum_entropy("cupbearer", 4)),
            ("quantum-entropy", {"alpha": 1}, quantum_entropy("published", 1)),
            ("spectral-signature", {}, spectral_signature()),
            ("beatrix", {"madScale": 1}, beatrix(4, 1)),
            ("beatrix", {"madScale": 2, "powers": 3}, beatrix(3, 2)),
            ("topological-evolution", {"neighbours": 4}, topological_evolution(4, pyod_score)),
            (
                "topological-evolution",
                {"neighbours": 3, "outlier": "projections"},
                topological_evolution(3, projections),
            ),
        ]
    ],
}
target = Path(__file__).parent.parent / "activation-detectors.golden.json"
target.write_text(json.dumps(golden) + "\n")
