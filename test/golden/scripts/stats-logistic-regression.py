"""Golden values of L2-regularised logistic regression from scikit-learn.

Run: python stats-logistic-regression.py   (needs scikit-learn; writes ../stats-logistic-regression.golden.json)

Each optimum is scikit-learn's newton-cholesky at a tolerance far below the compared digits. `objective` is computed here
from its coefficients in our convention, mean loss + lambda * ||w||^2 with lambda = 1 / (2 C sum(weights)).
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

rng = numpy.random.default_rng(1)


def problem(name, n, d, l2, *, scale=1.0, shift=0.0, correlated=False, signal=1.0, weighted=False, standardize=False):
    features = rng.normal(size=(n, d))
    if correlated:
        features = features @ (rng.normal(size=(d, d)) * numpy.exp(-numpy.arange(d))[:, None])
    direction = rng.normal(size=d)
    logits = signal * (features - features.mean(0)) @ direction / (features @ direction).std()
    targets = (rng.random(n) < 1 / (1 + numpy.exp(-logits))).astype(int)
    features = numpy.round(features * scale + shift, 4).astype(numpy.float32)
    weights = numpy.round(rng.random(n) * 3, 2) if weighted else numpy.ones(n)
    fitted, inputs = fit(features.astype(numpy.float64), targets, weights, l2, standardize)
    return {
        "name": name,
        "rows": n,
        "columns": d,
        "features": [float(f"{x:.9g}") for x in features.ravel()],
        "targets": targets.tolist(),
        "weights": weights.tolist() if weighted else None,
        "l2": l2,
        "standardize": standardize,
        "expected": optimum(fitted, inputs, targets, weights, l2),
    }


def fit(features, targets, weights, l2, standardize):
    inputs = StandardScaler().fit_transform(features, sample_weight=weights) if standardize else features
    model = LogisticRegression(C=1 / (2 * l2 * weights.sum()), solver="newton-cholesky", tol=1e-13, max_iter=1000)
    return model.fit(inputs, targets, sample_weight=weights), inputs


def optimum(fitted, inputs, targets, weights, l2):
    logits = fitted.decision_function(inputs)
    losses = numpy.logaddexp(0, logits) - targets * logits
    return {
        "objective": float((weights * losses).sum() / weights.sum() + l2 * (fitted.coef_**2).sum()),
        "decision": logits[:10].tolist(),
    }


golden = {
    "madeWith": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "problems": [
        problem("plain", 120, 5, 1e-2),
        problem("weak penalty", 150, 6, 1e-5),
        problem("strong penalty", 60, 4, 1.0),
        problem("more features than examples", 20, 30, 1e-3),
        problem("shifted and scaled", 120, 4, 1e-3, scale=40, shift=500),
        problem("correlated", 200, 8, 1e-4, correlated=True),
        problem("nearly separable", 120, 4, 1e-6, signal=12),
        problem("weighted", 120, 5, 1e-3, weighted=True),
        problem("standardized", 120, 5, 1e-2, scale=7, shift=-3, standardize=True),
        problem("standardized and weighted", 120, 5, 1e-3, scale=0.02, correlated=True, weighted=True, standardize=True),
    ],
}
target = Path(__file__).parent.parent / "stats-logistic-regression.golden.json"
target.write_text(json.dumps(golden) + "\n")
