"""The peer of bench/solvers.ts: fits scikit-learn's estimators on a file of float32 rows, at a given number of threads.

Reads one JSON request a line from standard input and answers each with one JSON line. Requests:
{"load": path, "labels": path, "rows": n, "columns": d}  loads float32 rows and uint8 labels;
{"fit": name, "precision": "float32" | "float64", ...}    fits once; the answer has the seconds of `fit` alone and its result.
"""

import json
import sys
import time
import warnings

import numpy
import scipy
import sklearn
from sklearn.covariance import OAS, LedoitWolf
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

warnings.filterwarnings("ignore")


class Peer:
    def load(self, request):
        shape = (request["rows"], request["columns"])
        self.rows = {"float32": numpy.fromfile(request["load"], numpy.float32).reshape(shape)}
        self.labels = numpy.fromfile(request["labels"], numpy.uint8).astype(int)
        return {"versions": {m.__name__: m.__version__ for m in (sklearn, numpy, scipy)}}

    def fit(self, request):
        precision = request["precision"]
        if precision not in self.rows:
            self.rows[precision] = self.rows["float32"].astype(precision)
        rows = self.rows[precision]
        estimator, describe = getattr(self, request["fit"].replace("-", "_"))(request)
        start = time.perf_counter()
        estimator.fit(rows, self.labels)
        return {"seconds": time.perf_counter() - start, **describe(estimator)}

    def logistic_regression(self, request):
        penalty = 1 / (2 * request["l2"] * len(self.labels))
        model = LogisticRegression(C=penalty, tol=request["tolerance"], max_iter=100000, solver=request["solver"])
        return model, lambda fitted: {
            "weights": fitted.coef_.ravel().tolist(),
            "bias": float(fitted.intercept_[0]),
            "iterations": int(fitted.n_iter_[0]),
        }

    def pca(self, request):
        model = PCA(request["components"], svd_solver=request.get("solver", "auto"), random_state=0)
        return model, lambda fitted: {
            "variances": fitted.explained_variance_.tolist(),
            "solver": fitted._fit_svd_solver,
        }

    def ledoit_wolf(self, request):
        model = LedoitWolf(store_precision=request["inverse"])
        return model, lambda fitted: {"shrinkage": float(fitted.shrinkage_)}

    def oas(self, request):
        return OAS(store_precision=False), lambda fitted: {"shrinkage": float(fitted.shrinkage_)}

    def lda(self, request):
        model = LinearDiscriminantAnalysis(solver=request["solver"], shrinkage=request.get("shrinkage"))
        return model, lambda fitted: {
            "weights": fitted.coef_.ravel().tolist(),
            "bias": float(fitted.intercept_[0]),
        }


def main():
    peer = Peer()
    with threadpool_limits(int(sys.argv[1])):
        for line in sys.stdin:
            request = json.loads(line)
            answer = peer.load(request) if "load" in request else peer.fit(request)
            print(json.dumps(answer), flush=True)


main()
