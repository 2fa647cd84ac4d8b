"""Golden values of a bag of words and of sparse L2-regularised logistic regression from scikit-learn.

Run: python bag-of-words.py   (needs scikit-learn; writes ../bag-of-words.golden.json)

Words come from CountVectorizer with the pattern of this project, in ASCII; a word is worth log(1 + count). Each optimum is
scikit-learn's newton-cholesky at a tolerance far below the compared digits; `objective` is in our convention, mean loss +
lambda * ||w||^2 with lambda = 1 / (2 C n).
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

rng = numpy.random.default_rng(4)
pattern = r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[^\sA-Za-z0-9_]"
vocabulary = ["vault", "Vault", "take_item", "x1", "42", "7.5", "if (a) {", "}", "don't", "item.shine()", "the", "robber"]


def text(positive):
    weights = numpy.ones(len(vocabulary))
    weights[[0, 4]] = 3 if positive else 0.5
    count = rng.integers(3, 20)
    return " ".join(rng.choice(vocabulary, size=count, p=weights / weights.sum()))


targets = [bool(i % 3 == 0) for i in range(90)]
texts = [text(target) for target in targets]
vectorizer = CountVectorizer(lowercase=False, token_pattern=pattern, ngram_range=(1, 2), min_df=6)
counts = vectorizer.fit_transform(texts).toarray()
features = numpy.log1p(counts).astype(numpy.float32).astype(numpy.float64)


def fit(l2):
    model = LogisticRegression(C=1 / (2 * l2 * len(texts)), solver="newton-cholesky", tol=1e-13, max_iter=1000)
    model.fit(features, targets)
    logits = model.decision_function(features)
    losses = numpy.logaddexp(0, logits) - numpy.array(targets) * logits
    return {
        "l2": l2,
        "objective": float(losses.mean() + l2 * (model.coef_**2).sum()),
        "decision": logits.tolist(),
    }


golden = {
    "madeWith": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "texts": texts,
    "targets": targets,
    "words": {
        word: [int(counts[:, column].sum()), int((counts[:, column] > 0).sum())]
        for word, column in sorted(vectorizer.vocabulary_.items())
    },
    "fits": [fit(l2) for l2 in (1e-4, 1e-2, 1.0)],
}
path = Path(__file__).parent.parent / "bag-of-words.golden.json"
path.write_text(json.dumps(golden, indent=1) + "\n")
