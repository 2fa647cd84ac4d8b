"""Golden values of five AdamW steps of a tiny causal transformer, in PyTorch's float64.

Run: python graph-training.py   (needs torch; writes ../graph-training.golden.json)
Weights, tokens and targets follow formulas, so that the test builds the same ones.
"""

import json
import math
from pathlib import Path

import torch
from torch.nn import functional as F

BATCH, LENGTH, WIDTH, HEADS, VOCABULARY, CLASSES, STEPS = 3, 6, 8, 2, 11, 4, 5
SHAPES = {
    "embedding": [VOCABULARY, WIDTH],
    "positions": [LENGTH, WIDTH],
    "norm1.scale": [WIDTH],
    "norm1.shift": [WIDTH],
    "in.weight": [WIDTH, 3 * WIDTH],
    "in.bias": [3 * WIDTH],
    "out.weight": [WIDTH, WIDTH],
    "out.bias": [WIDTH],
    "norm2.scale": [WIDTH],
    "norm2.shift": [WIDTH],
    "up.weight": [WIDTH, 4 * WIDTH],
    "up.bias": [4 * WIDTH],
    "down.weight": [4 * WIDTH, WIDTH],
    "down.bias": [WIDTH],
    "head.weight": [WIDTH, 1],
    "head.bias": [1],
    "classes.weight": [WIDTH, CLASSES],
    "classes.bias": [CLASSES],
}


def initial(index, shape):
    size = math.prod(shape)
    return torch.tensor([0.5 * math.sin(0.7 * i + index) for i in range(size)], dtype=torch.float64).reshape(shape)


weights = {name: initial(i, shape).requires_grad_() for i, (name, shape) in enumerate(SHAPES.items())}
tokens = torch.tensor([(i * i) % VOCABULARY for i in range(BATCH * LENGTH)]).reshape(BATCH, LENGTH)
targets = torch.tensor([0.0, 1.0, 0.25], dtype=torch.float64)
classes = torch.tensor([i % CLASSES for i in range(BATCH * LENGTH)])
mask = torch.full((LENGTH, LENGTH), -1e9, dtype=torch.float64).triu(1)


def dense(x, name):
    return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def norm(x, name):
    return F.layer_norm(x, [WIDTH], weights[f"{name}.scale"], weights[f"{name}.shift"], 1e-5)


def attend(x):
    q, k, v = dense(x, "in").reshape(BATCH, LENGTH, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
    scores = q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask
    mixed = scores.softmax(-1) @ v
    return dense(mixed.transpose(1, 2).reshape(BATCH, LENGTH, WIDTH), "out")


def loss():
    x = weights["embedding"][tokens] + weights["positions"]
    x = x + attend(norm(x, "norm1"))
    x = x + dense(F.gelu(dense(norm(x, "norm2"), "up")), "down")
    logits = dense(x[:, -1], "head").reshape(BATCH)
    next_token = F.cross_entropy(dense(x, "classes").reshape(-1, CLASSES), classes)
    return F.binary_cross_entropy_with_logits(logits, targets) + 0.5 * next_token


optimizer = torch.optim.AdamW(weights.values(), lr=0.02, weight_decay=0.1)
losses, norms = [], []
for _ in range(STEPS):
    optimizer.zero_grad()
    value = loss()
    value.backward()
    norms.append(float(torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)))
    optimizer.step()
    losses.append(float(value.detach()))

golden = {
    "origin": f"graph-training.py with torch {torch.__version__}",
    "losses": losses,
    "norms": norms,
    "embedding": weights["embedding"].detach().flatten().tolist(),
    "in.weight": weights["in.weight"].detach().flatten().tolist(),
}
path = Path(__file__).parent.parent / "graph-training.golden.json"
path.write_text(json.dumps(golden, indent=1) + "\n")
