"""Golden values of CCS's loss, its optimisers and VINC from eleuther-elk and PyTorch.

Run: python latent-knowledge.py   (needs eleuther-elk, concept-erasure, einops, simple-parsing and torch; writes ../latent-knowledge.golden.json)

The package's dependencies for data and models are not needed: its modules are loaded by path, without its __init__ files.
Hidden states are float32 numbers; everything is computed from them in float64. eleuther-elk's CcsReporter trains two
parameters for Platt scaling together with the probe, so its losses are minimised here on the bare linear probe.
"""

import importlib.util
import json
import sys
import types
from importlib.metadata import version
from pathlib import Path

import torch

SITE = Path(importlib.util.find_spec("elk").origin).parent
torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def load(name):
    """A module of elk, by path, its packages being empty."""
    parts = name.split(".")
    for depth in range(1, len(parts)):
        package = types.ModuleType(".".join(parts[:depth]))
        package.__path__ = [str(SITE.joinpath(*parts[1:depth]))]
        sys.modules.setdefault(package.__name__, package)
    spec = importlib.util.spec_from_file_location(name, SITE.joinpath(*parts[1:]).with_suffix(".py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


losses = load("elk.training.losses").LOSSES
load("elk.utils.math_util")
eigen = load("elk.training.eigen_reporter")


def listed(tensor):
    return tensor.detach().flatten().tolist()


def rounded(tensor):
    return (tensor * 1000).round().div(1000).float().double()


def loss_case(name, n, v):
    z0 = rounded(torch.randn(n, v) * 2).requires_grad_()
    z1 = rounded(torch.randn(n, v) * 2).requires_grad_()
    value = losses[name](z0, z1)
    value.backward()
    return {
        "name": name,
        "examples": n,
        "wordings": v,
        "negative": listed(z0),
        "positive": listed(z1),
        "loss": value.item(),
        "negativeSlopes": listed(z0.grad),
        "positiveSlopes": listed(z1.grad),
    }


def pairs(n, v, d):
    """Hidden states (n, v, 2, d) with a truth, a side and a wording in them."""
    truth = torch.randint(0, 2, (n, 1, 1)) * 2.0 - 1
    side = torch.tensor([-1.0, 1.0]).view(1, 1, 2)
    signal = (truth * side).unsqueeze(-1) * torch.randn(d)
    noise = torch.randn(n, v, 2, d) @ torch.diag(torch.linspace(0.3, 1.5, d))
    return rounded(noise + signal + side.unsqueeze(-1) * torch.randn(d) + torch.randn(v, 1, d) + torch.randn(n, 1, 1, d))


def search(optimizer, n, v, d, **options):
    hiddens = pairs(n, v, d)
    centred = hiddens - hiddens.mean(0)
    start = rounded(torch.randn(d + 1) / d**0.5)
    theta = start.clone().requires_grad_()

    def loss():
        z = centred @ theta[:-1] + theta[-1]
        return losses["ccs"](z[:, :, 0], z[:, :, 1])

    if optimizer == "adamw":
        steps = torch.optim.AdamW([theta], lr=options["learningRate"], weight_decay=options["weightDecay"])
        for _ in range(options["epochs"]):
            steps.zero_grad()
            loss().backward()
            steps.step()
    else:
        steps = torch.optim.LBFGS(
            [theta], line_search_fn="strong_wolfe", max_iter=options["epochs"], tolerance_grad=1e-12, tolerance_change=1e-15
        )

        def closure():
            steps.zero_grad()
            value = loss() + options["weightDecay"] / 2 * theta.norm() ** 2
            value.backward()
            return value

        steps.step(closure)
    return {
        "optimizer": optimizer,
        **options,
        "examples": n,
        "wordings": v,
        "width": d,
        "hiddens": listed(hiddens),
        "start": listed(start),
        "parameters": listed(theta),
        "loss": loss().item(),
    }


def vinc(n, v, d, **weights):
    hiddens = pairs(n, v, d)
    config = eigen.EigenFitterConfig(**weights)
    fitter = eigen.EigenFitter(config, d, 2, num_variants=v, dtype=torch.float64)
    reporter = fitter.fit(hiddens)
    share = config.neg_cov_weight
    objective = (
        config.var_weight * fitter.intercluster_cov
        - (1 - share) * fitter.intracluster_cov
        - share * fitter.contrastive_xcov
    )
    scores = (fitter.leace.eraser(hiddens) @ reporter.weight.flatten()).mean(1)
    return {
        "variance": config.var_weight,
        "negativeCovariance": share,
        "erasePrompts": config.erase_prompts,
        "examples": n,
        "wordings": v,
        "width": d,
        "hiddens": listed(hiddens),
        "objective": listed((objective + objective.mT) / 2),
        "direction": listed(reporter.weight),
        "scores": listed(scores[:, 1] - scores[:, 0]),
    }


if __name__ == "__main__":
    golden = {
        "madeWith": {name: version(name) for name in ["eleuther-elk", "concept-erasure", "torch"]},
        "losses": [loss_case("ccs", 20, 1), loss_case("ccs", 12, 3), loss_case("ccs_prompt_var", 12, 3)],
        "searches": [
            search("adamw", 40, 1, 5, epochs=200, learningRate=0.01, weightDecay=0.01),
            search("lbfgs", 40, 1, 5, epochs=1000, weightDecay=0.01),
            search("lbfgs", 30, 2, 4, epochs=1000, weightDecay=0.01),
        ],
        "vinc": [
            vinc(60, 3, 6),
            vinc(50, 2, 6, var_weight=0.3, neg_cov_weight=0.8),
            vinc(50, 2, 12, erase_prompts=True),
        ],
    }
    target = Path(__file__).parent.parent / "latent-knowledge.golden.json"
    target.write_text(json.dumps(golden) + "\n")
