"""Golden values of weak-to-strong losses: gradients by the logits, from PyTorch's automatic differentiation.

Run: python weak-to-strong-losses.py   (needs torch; writes ../weak-to-strong-losses.golden.json)

Each loss is written in its two-class form, softmax over the logits [0, z] and labels [1 - p, p], in float64; the gradient by z is
recorded. Self-supervised targets are detached. The quantile is torch.quantile, linear between order statistics.
"""

import json
import sys
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax, softmax

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(5)


def listed(tensor):
    return [float(x) for x in tensor]


def ramp(share, warmup, form):
    if form == "linear":
        return 1.0 if warmup == 0 else min(1.0, share / warmup)
    return 1.0 if share > warmup else share


def hardened(logits, prior):
    first = softmax(logits, 1)[:, 0]
    own = first < torch.quantile(first, prior)
    return torch.stack([(~own).double(), own.double()], 1)


def xent(logits, labels, options, share):
    return cross_entropy(logits, labels)


def kl(logits, labels, options, share):
    return kl_div(log_softmax(logits, 1), labels, reduction="batchmean")


def confidence(logits, labels, options, share):
    weight = options["maxWeight"] * ramp(share, options["warmup"], options["ramp"])
    own = hardened(logits.detach(), labels[:, 1].mean())
    return (1 - weight) * cross_entropy(logits, labels) + weight * cross_entropy(logits, own)


def balanced(logits, labels, options, share):
    odds = torch.logit(labels[:, 1], eps=1e-7)
    positive = torch.sigmoid(odds - odds.mean())
    labels = torch.stack([1 - positive, positive], 1)
    weight = options["maxWeight"] * ramp(share, options["warmup"], options["ramp"])
    own = hardened(logits.detach(), 0.5)
    return cross_entropy(logits, (1 - weight) * labels + weight * own)


def entropy(logits, labels, options, share):
    weight = options["maxWeight"] * ramp(share, options["warmup"], options["ramp"])
    own = softmax(logits, 1).detach()
    return (1 - weight) * cross_entropy(logits, labels) + weight * cross_entropy(logits, own)


def product(logits, labels, options, share):
    own = softmax(logits, 1).detach() ** options["beta"] * labels ** options["alpha"]
    return cross_entropy(logits, own / own.sum(1, keepdim=True))


def window(logits, labels, options, share):
    unsure = softmax(logits, 1).detach().max(1).values < 0.5 + options["radius"]
    return (cross_entropy(logits, labels, reduction="none") * unsure).sum() / len(labels)


def case(loss, size, share=0.0, hard=False, **options):
    z = 2 * torch.randn(size, generator=generator)
    p = torch.rand(size, generator=generator)
    p = (p > 0.6).double() if hard else p
    z.requires_grad_(True)
    logits = torch.stack([torch.zeros_like(z), z], 1)
    value = loss(logits, torch.stack([1 - p, p], 1), options, share)
    (gradient,) = torch.autograd.grad(value, z)
    return {
        "loss": loss.__name__,
        "options": options,
        "share": share,
        "labels": listed(p),
        "logits": listed(z.detach()),
        "gradient": listed(gradient),
    }


linear = {"maxWeight": 0.5, "warmup": 0.2, "ramp": "linear"}
jump = {"maxWeight": 0.5, "warmup": 0.1, "ramp": "published-jump"}
cases = [
    case(xent, 8),
    case(xent, 8, hard=True),
    case(kl, 8),
    case(kl, 8, hard=True),
    *(case(loss, 32, share, **linear) for loss in (confidence, balanced, entropy) for share in (0.0, 0.05, 0.2, 0.9)),
    *(case(confidence, 32, share, **jump) for share in (0.05, 0.1, 0.11)),
    case(confidence, 32, 0.0, maxWeight=0.75, warmup=0.0, ramp="linear"),
    case(confidence, 31, 0.5, hard=True, **linear),
    case(product, 16, alpha=1.0, beta=1.0),
    case(product, 16, alpha=0.5, beta=2.0),
    case(product, 16, alpha=0.0, beta=1.0),
    case(product, 16, hard=True, alpha=1.0, beta=1.0),
    case(window, 32, radius=0.15),
    case(window, 32, radius=0.3),
    case(window, 32, radius=0.51),
]

path = Path(__file__).parent.parent / "weak-to-strong-losses.golden.json"
versions = {"python": sys.version.split()[0], "torch": torch.__version__}
path.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
