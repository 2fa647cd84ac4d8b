"""Golden values of the RMS calibration error as GENIES computes it: labels drawn after random.seed(42), every bin held
against the mean of all labels; and the corrected one from numpy's histogram.

Run: python stats-rms-calibration.py   (needs numpy; writes ../stats-rms-calibration.golden.json)
"""

import json
import platform
import random
from pathlib import Path

import numpy

rng = numpy.random.default_rng(0)
edges = numpy.linspace(0, 1, 6)


def case(name, n, spread, shift):
    positives = rng.random(n) < 0.5
    log_odds = numpy.round(spread * rng.normal(size=n) + shift * (2 * positives - 1), 6)
    return name, positives.astype(int), log_odds


def published(positives, p):
    right = numpy.where(positives == 1, p, 1 - p)
    random.seed(42)
    labels = numpy.array([random.choice([0, 1]) for _ in right])
    turned = numpy.where(labels == 1, right, 1 - right)
    bins = numpy.digitize(turned, edges)
    members = [turned[bins == at] for at in range(1, 6)]
    scores = [(labels.mean() - own.mean()) ** 2 for own in members if len(own) >= 20]
    return labels, float(numpy.sqrt(numpy.mean(scores)))


def corrected(positives, p):
    sizes = numpy.histogram(p, edges)[0]
    keep = sizes >= 20
    means = numpy.histogram(p, edges, weights=p)[0][keep] / sizes[keep]
    shares = numpy.histogram(p, edges, weights=positives)[0][keep] / sizes[keep]
    return float(numpy.sqrt(numpy.mean((shares - means) ** 2)))


cases = []
for name, positives, log_odds in [
    case("overconfident", 300, 2.5, 0.5),
    case("timid", 400, 0.3, 0.3),
    case("sure and right", 250, 1.0, 4.0),
    case("empty bins", 120, 0.6, 0.1),
]:
    p = 1 / (1 + numpy.exp(-log_odds))
    labels, as_published = published(positives, p)
    cases.append(
        {
            "name": name,
            "logOdds": log_odds.tolist(),
            "positives": positives.tolist(),
            "labels": labels.tolist(),
            "published": as_published,
            "corrected": corrected(positives, p),
        }
    )

golden = {"madeWith": {"python": platform.python_version(), "numpy": numpy.__version__}, "cases": cases}
target = Path(__file__).parent.parent / "stats-rms-calibration.golden.json"
target.write_text(json.dumps(golden) + "\n")
