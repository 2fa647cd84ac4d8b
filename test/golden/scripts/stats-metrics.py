"""Golden values of metrics and intervals from scikit-learn, scipy and numpy.

Run: python stats-metrics.py   (needs scikit-learn and scipy; writes ../stats-metrics.golden.json)
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy.stats import binomtest, norm
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score, roc_curve

rng = numpy.random.default_rng(0)


def example_set(name, n, share, shift, decimals):
    positives = rng.random(n) < share
    scores = numpy.round(rng.normal(size=n) + shift * positives - shift / 2, decimals)
    return name, scores + 0.0, positives.astype(int)


def expected(scores, positives):
    probabilities = 1 / (1 + numpy.exp(-scores))
    fpr, tpr, _ = roc_curve(positives, scores, drop_intermediate=False)
    correct = int(((scores > 0) == (positives == 1)).sum())
    wilson = binomtest(correct, len(scores)).proportion_ci(0.95, "wilson")
    return {
        "auroc": roc_auc_score(positives, scores),
        "averagePrecision": average_precision_score(positives, scores),
        "brier": brier_score_loss(positives, probabilities),
        "accuracy": {"value": correct / len(scores), "lower": wilson.low, "upper": wilson.high},
        "tprAtFpr": {
            str(target): float(tpr[fpr <= target + 1e-12].max())
            for target in (0.01, 0.05, 0.1, 0.3)
            if target * (positives == 0).sum() >= 1
        },
        "rocCurve": {"fpr": fpr.tolist(), "tpr": tpr.tolist()},
    }


sets = [
    example_set("small with ties", 24, 0.5, 1.0, 0),
    example_set("continuous", 150, 0.5, 1.2, 6),
    example_set("many ties", 200, 0.4, 0.8, 1),
    example_set("rare positives", 300, 0.06, 2.0, 2),
    example_set("no signal", 120, 0.5, 0.0, 1),
    ("constant", numpy.zeros(20), numpy.array([0, 1] * 10)),
    ("perfect", numpy.arange(-10, 10) + 0.5, numpy.array([0] * 10 + [1] * 10)),
    ("reversed", numpy.arange(-10, 10) + 0.5, numpy.array([1] * 10 + [0] * 10)),
]
values = numpy.round(rng.normal(size=23), 3)
shares = [0.0, 0.025, 0.05, 0.3, 0.5, 0.77, 0.975, 1.0]
zs = [-12.0, -8.0, -5.0, -3.6, -3.5, -2.0, -1.0, -0.3, 0.0, 0.3, 1.0, 2.0, 3.5, 3.6, 5.0]
ps = [1e-12, 1e-6, 0.001, 0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975, 0.999]

golden = {
    "madeWith": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__},
    "metrics": [
        {"name": name, "scores": scores.tolist(), "positives": positives.tolist(), "expected": expected(scores, positives)}
        for name, scores, positives in sets
    ],
    "quantiles": {"values": values.tolist(), "p": shares, "expected": numpy.quantile(values, shares).tolist()},
    "normalCdf": {"z": zs, "expected": norm.cdf(zs).tolist()},
    "normalQuantile": {"p": ps, "expected": norm.ppf(ps).tolist()},
}
target = Path(__file__).parent.parent / "stats-metrics.golden.json"
target.write_text(json.dumps(golden) + "\n")
