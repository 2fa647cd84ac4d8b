"""Golden values of the convex solvers from scikit-learn and SciPy.

Run: python solvers.py   (needs scikit-learn; writes ../solvers.golden.json)

Inputs are float32 numbers; everything is computed from them in float64. The multinomial optimum is scikit-learn's newton-cholesky at a
tolerance far below the compared digits, its `objective` in our convention: mean loss + lambda * ||W||^2, lambda = 1 / (2 C sum(weights)).
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.covariance import OAS, LedoitWolf, ShrunkCovariance
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

rng = numpy.random.default_rng(7)


def rows(n, d, *, shift=0.0, rank=None, constant=False):
    data = rng.normal(size=(n, rank or d)) @ rng.normal(size=(rank or d, d)) + shift
    if constant:
        data[:, 0] = 5
    return numpy.round(data, 3).astype(numpy.float32)


def matrix(data):
    return {"rows": data.shape[0], "columns": data.shape[1], "data": [float(f"{x:.9g}") for x in data.ravel()]}


def listed(array):
    return numpy.asarray(array).ravel().tolist()


def pca(name, data, k):
    fitted = PCA(k, svd_solver="full").fit(data.astype(float))
    signs = numpy.sign(fitted.components_[range(k), abs(fitted.components_).argmax(1)])
    return {
        "name": name,
        "features": matrix(data),
        "components": k,
        "variances": listed(fitted.explained_variance_),
        "shares": listed(fitted.explained_variance_ratio_),
        "map": listed(fitted.components_ * signs[:, None]),
    }


def shrunk(name, data):
    data64 = data.astype(float)
    fits = {"ledoit-wolf": LedoitWolf(), "oas": OAS(), "fixed": ShrunkCovariance(shrinkage=0.2)}
    fits = {key: fit.fit(data64) for key, fit in fits.items()}
    return {
        "name": name,
        "features": matrix(data),
        "expected": {
            key: {"shrinkage": float(getattr(fit, "shrinkage_", 0.2)), "covariance": listed(fit.covariance_)}
            for key, fit in fits.items()
        },
    }


def labelled(n, d, classes, **options):
    labels = rng.integers(classes, size=n)
    labels[:classes] = range(classes)
    data = rows(n, d, **options)
    data = numpy.round(data + rng.normal(size=(classes, d))[labels], 3).astype(numpy.float32)
    if options.get("constant"):
        data[:, 0] = 5
    return data, labels


def lda(name, data, labels, *, shrinkage=None, priors=None):
    solver = "svd" if shrinkage is None else "lsqr"
    shrinkage_given = None if shrinkage == "empirical" else shrinkage
    model = LinearDiscriminantAnalysis(solver=solver, shrinkage=shrinkage_given, priors=priors)
    fitted = model.fit(data.astype(float), labels)
    # Only differences between classes are compared: the two solvers of the library differ by a constant.
    scores = fitted.decision_function(data[:12].astype(float))
    scores = scores if scores.ndim == 1 else scores - scores[:, :1]
    return {
        "name": name,
        "features": matrix(data),
        "labels": labels.tolist(),
        "shrinkage": {None: "none", "empirical": "none", "auto": "ledoit-wolf"}.get(shrinkage, shrinkage),
        "priors": priors,
        "scores": listed(scores),
    }


def multinomial(name, n, d, classes, l2, *, weighted=False):
    data, labels = labelled(n, d, classes)
    weights = numpy.round(rng.random(n) * 2 + 0.01, 2) if weighted else numpy.ones(n)
    model = LogisticRegression(C=1 / (2 * l2 * weights.sum()), solver="newton-cholesky", tol=1e-13, max_iter=1000)
    fitted = model.fit(data.astype(float), labels, sample_weight=weights)
    logits = fitted.decision_function(data.astype(float))
    losses = scipy.special.logsumexp(logits, axis=1) - logits[numpy.arange(n), labels]
    return {
        "name": name,
        "features": matrix(data),
        "classes": labels.tolist(),
        "weights": weights.tolist() if weighted else None,
        "l2": l2,
        "objective": float((weights * losses).sum() / weights.sum() + l2 * (fitted.coef_**2).sum()),
        "logits": listed((logits - logits.mean(1, keepdims=True))[:8]),
    }


def inverse(name, values, *, absolute=0.0, relative=None):
    size = len(values)
    vectors = numpy.linalg.qr(rng.normal(size=(size, size)))[0]
    symmetric = (vectors * values) @ vectors.T
    symmetric = (symmetric + symmetric.T) / 2
    result, rank = scipy.linalg.pinvh(symmetric, atol=absolute, rtol=relative, return_rank=True)
    return {
        "name": name,
        "size": size,
        "matrix": listed(symmetric),
        "absolute": absolute,
        "relative": relative,
        "inverse": listed(result),
        "rank": int(rank),
    }


golden = {
    "madeWith": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__},
    "pca": [
        pca("tall", rows(60, 6, shift=3), 4),
        pca("more columns than rows", rows(8, 15), 5),
        pca("rank deficient", rows(40, 7, rank=3), 3),
    ],
    "shrunk": [
        shrunk("tall", rows(80, 5, shift=-2)),
        shrunk("more columns than rows", rows(10, 14)),
        shrunk("one column", rows(12, 1)),
        shrunk("constant column", rows(30, 4, constant=True)),
    ],
    "lda": [
        lda("two classes", *labelled(80, 5, 2)),
        lda("four classes", *labelled(90, 6, 4)),
        lda("priors", *labelled(70, 4, 3), shrinkage="empirical", priors=[0.2, 0.5, 0.3]),
        lda("constant column", *labelled(60, 4, 2, constant=True)),
        lda("more columns than rows", *labelled(14, 20, 2)),
        lda("Ledoit-Wolf, two classes", *labelled(50, 6, 2), shrinkage="auto"),
        lda("Ledoit-Wolf, three classes, more columns than rows", *labelled(30, 40, 3), shrinkage="auto"),
        lda("fixed shrinkage", *labelled(40, 5, 3), shrinkage=0.3),
    ],
    "multinomial": [
        multinomial("three classes", 90, 4, 3, 1e-2),
        multinomial("five classes, weighted", 120, 5, 5, 1e-3, weighted=True),
        multinomial("more columns than rows", 20, 25, 3, 1e-2),
    ],
    "inverse": [
        inverse("full rank", [4.0, 2.0, 1.0, 0.5]),
        inverse("indefinite", [3.0, -2.0, 1.0, 0.0]),
        inverse("absolute cutoff", [1.0, 0.1, 5e-4, 1e-5], absolute=1e-3),
        inverse("relative cutoff", [100.0, 1.0, 9e-4, 2e-3], relative=1e-5),
    ],
}
target = Path(__file__).parent.parent / "solvers.golden.json"
target.write_text(json.dumps(golden) + "\n")
