"""Golden values of label cleaning: neighbours' mean labels, a logistic probe on soft labels, strongly connected
components, and the topological filter put together from them.

Run: python label-cleaning.py   (needs scikit-learn and scipy; writes ../label-cleaning.golden.json)

Inputs are float32 numbers, computed with in float64. scikit-learn's logistic regression takes classes, so a soft label
p is two examples, of weights p and 1 - p; its C on the summed loss is 1 / (2 * l2 * n).
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsRegressor, NearestNeighbors

rng = numpy.random.default_rng(23)


def world(n, d, noise, *, soft):
    """Two clusters whose labels are wrong at a share of the places, far from or near to 0 and 1."""
    side = rng.random(n) < 0.5
    data = numpy.round(rng.normal(size=(n, d)) + 1.5 * numpy.where(side, 1, -1)[:, None], 3).astype(numpy.float32)
    labels = numpy.where(side ^ (rng.random(n) < noise), 1.0, 0.0)
    if soft:
        labels = numpy.abs(labels - numpy.round(0.45 * rng.random(n), 4))
    return data, labels


def others_mean(data, labels, k):
    return cross_val_predict(KNeighborsRegressor(k, algorithm="brute"), data.astype(float), labels, cv=LeaveOneOut())


def logistic(data, labels, l2):
    twice = numpy.vstack([data, data]).astype(float)
    classes = numpy.repeat([1, 0], len(data))
    weights = numpy.concatenate([labels, 1 - labels])
    fitted = LogisticRegression(C=1 / (2 * l2 * len(data)), tol=1e-10, max_iter=10_000)
    return fitted.fit(twice, classes, sample_weight=weights).predict_proba(data.astype(float))[:, 1]


def edges(data, k):
    return NearestNeighbors(n_neighbors=k, algorithm="brute").fit(data.astype(float)).kneighbors()[1]


def core(data, labels, k):
    inside = numpy.zeros(len(data), bool)
    for side in (True, False):
        rows = numpy.flatnonzero((labels > 0.5) == side)
        adjacent = numpy.zeros((len(data), len(data)), bool)
        adjacent[rows[:, None], edges(data, k)[rows]] = True
        _, component = connected_components(csr_matrix(adjacent[numpy.ix_(rows, rows)]), connection="strong")
        sizes = numpy.bincount(component)
        assert (sizes == sizes.max()).sum() == 1
        inside[rows[component == sizes.argmax()]] = True
    return numpy.flatnonzero(inside)


def topological(data, labels, contamination, k, k_zeta):
    """Rows kept, with no ties at the boundary."""
    kept = core(data, labels, k)
    more = round(contamination * len(data)) - (len(data) - len(kept))
    if more <= 0:
        return kept
    doubts = numpy.abs(labels[kept] - others_mean(data[kept], labels[kept], k_zeta))
    order = numpy.argsort(-doubts, kind="stable")
    assert doubts[order[more - 1]] > doubts[order[more]]
    return numpy.sort(kept[order[more:]])


def cleaning(name, n, d, noise, *, soft, k, k_zeta, l2, contamination):
    data, labels = world(n, d, noise, soft=soft)
    return {
        "name": name,
        "activations": {"rows": n, "columns": d, "data": [float(f"{x:.9g}") for x in data.ravel()]},
        "labels": labels.tolist(),
        "k": k,
        "kZeta": k_zeta,
        "l2": l2,
        "contamination": contamination,
        "neighbours": others_mean(data, labels, k).tolist(),
        "logistic": logistic(data, labels, l2).tolist(),
        "core": core(data, labels, k).tolist(),
        "kept": topological(data, labels, contamination, k, k_zeta).tolist(),
    }


def components(name, nodes, degree):
    """A random graph; some nodes have no edges, some edges stand twice or lead back."""
    targets = [rng.integers(nodes, size=rng.integers(0, degree + 1)).tolist() for _ in range(nodes)]
    rows = numpy.repeat(numpy.arange(nodes), [len(own) for own in targets])
    ones = numpy.ones(len(rows))
    matrix = csr_matrix((ones, (rows, numpy.concatenate(targets).astype(int))), shape=(nodes, nodes))
    count, component = connected_components(matrix, connection="strong")
    return {"name": name, "targets": targets, "count": int(count), "component": component.tolist()}


golden = {
    "madeWith": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__},
    "cleaning": [
        cleaning("soft labels", 120, 3, 0.1, soft=True, k=9, k_zeta=7, l2=1e-3, contamination=0.2),
        cleaning("strong penalty, many wrong", 150, 2, 0.25, soft=True, k=12, k_zeta=5, l2=0.3, contamination=0.4),
        cleaning("a core that drops enough", 100, 4, 0.1, soft=True, k=3, k_zeta=3, l2=1e-2, contamination=0.05),
    ],
    "components": [
        components("sparse", 60, 2),
        components("medium", 200, 3),
        components("dense", 40, 12),
        components("few", 8, 1),
    ],
}
path = Path(__file__).parent.parent / "label-cleaning.golden.json"
path.write_text(json.dumps(golden) + "\n")
for case in golden["cleaning"]:
    n = case["activations"]["rows"]
    print(case["name"], "outside the core:", n - len(case["core"]), "dropped:", n - len(case["kept"]))
print([(case["name"], case["count"]) for case in golden["components"]])
