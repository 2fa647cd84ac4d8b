"""Heads asked which candidate is the better, as methods.md 9.5 has it, by scikit-learn's logistic regression:
python test/golden/scripts/mean-shift.py > test/golden/mean-shift.golden.json  (scikit-learn 1.9.1, numpy 2.5.5).
The calibration is unregularised, on a mean cosine of every other pair turned round.
"""

import json

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(7)
pairs, heads, depth = 60, 5, 3
worse = rng.normal(size=(pairs, heads * depth))
better = rng.normal(size=(pairs, heads * depth))
better[:, depth : 2 * depth] += [0.8, -0.4, 0.2]
better[:, 4 * depth :] += [0.3, 0.5, 0.0]
better, worse = np.round(better, 4).astype(np.float32), np.round(worse, 4).astype(np.float32)
order = rng.permutation(pairs)
train, held = sorted(order[:42].tolist()), sorted(order[42:].tolist())


def answer(head):
    at = slice(head * depth, (head + 1) * depth)
    b, w = better[:, at].astype(np.float64), worse[:, at].astype(np.float64)
    model = LogisticRegression(max_iter=1000, tol=1e-10)
    model.fit(np.concatenate([b[train], w[train]]), [1] * len(train) + [0] * len(train))
    accuracy = model.score(np.concatenate([b[held], w[held]]), [1] * len(held) + [0] * len(held))
    direction = b.mean(0) - w.mean(0)
    difference = b[held] - w[held]
    cosines = difference @ direction / np.linalg.norm(difference, axis=1) / np.linalg.norm(direction)
    return {"accuracy": accuracy, "direction": direction.tolist(), "cosines": cosines.tolist()}


answers = [answer(head) for head in range(heads)]
best = sorted(range(heads), key=lambda head: -answers[head]["accuracy"])[:2]
mean = np.mean([answers[head]["cosines"] for head in best], axis=0)
turned = np.where(np.arange(len(mean)) % 2 == 0, mean, -mean)
platt = LogisticRegression(C=np.inf, max_iter=1000, tol=1e-12)
platt.fit(((turned + 1) / 2)[:, None], np.arange(len(mean)) % 2 == 0)
a, b = platt.coef_[0, 0], platt.intercept_[0]
print(
    json.dumps(
        {
            "madeWith": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "better": better.astype(float).round(4).tolist(),
            "worse": worse.astype(float).round(4).tolist(),
            "heads": heads,
            "train": train,
            "held": held,
            "answers": answers,
            "meanCosines": mean.tolist(),
            "slope": a / 2,
            "offset": a / 2 + b,
        }
    )
)
