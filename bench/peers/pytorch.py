"""
The peer of bench/engine.ts: the same decoder in eager PyTorch, as one writes it. Reads one JSON command per line on
stdin and answers one JSON line on stdout:
  {"threads", "config": {layers, width, heads, outputs, everyToken}, "training": {...}, "weights": path, "batches": path}  -> versions
  {"run": "train" | "forward", "batches": [i, ...]}  -> {"milliseconds", "losses", "peakBytes"}
  {"run": "gemm", "size": n}                         -> {"flopsPerSecond"}
Each batch is padded on the right to its longest example.
"""
import json
import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attention_output = nn.Linear(width, width)
        self.mlp_norm = nn.LayerNorm(width)
        self.mlp_input = nn.Linear(width, 4 * width)
        self.mlp_output = nn.Linear(4 * width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        split = lambda part: part.view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
        query, key, value = map(split, self.query_key_value(self.attention_norm(x)).split(width, -1))
        attended = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.attention_output(attended.transpose(1, 2).reshape(batch, tokens, width))
        return x + self.mlp_output(F.gelu(self.mlp_input(self.mlp_norm(x))))


class Decoder(nn.Module):
    def __init__(self, config, weights):
        super().__init__()
        width = config["width"]
        self.embedding = nn.Embedding(*weights["embedding"].shape)
        self.positions = nn.Parameter(torch.empty_like(weights["positions"]))
        self.blocks = nn.ModuleList(Block(width, config["heads"]) for _ in range(config["layers"]))
        self.final_norm = nn.LayerNorm(width)
        self.heads = nn.Linear(width, config["outputs"])
        self.every_token = config["everyToken"]
        self.load_state_dict(dict(map(translated, weights.items())))

    def forward(self, tokens, last):
        x = self.embedding(tokens) + self.positions[: tokens.shape[1]]
        for block in self.blocks:
            x = block(x)
        if self.every_token:
            return self.heads(mean_over_tokens(self.final_norm(x), last))
        return self.heads(self.final_norm(x[torch.arange(len(last)), last]))


def mean_over_tokens(x, last):
    counted = (torch.arange(x.shape[1]) <= last[:, None]).float()
    return (x * counted[:, :, None]).sum(1) / counted.sum(1, keepdim=True)


def translated(item):
    """Ours keeps matrices (inputs x outputs) and calls a norm's weight its scale."""
    name, tensor = item
    if name == "embedding":
        return "embedding.weight", tensor
    if name.endswith(".weight"):
        tensor = tensor.T.contiguous()
    return name.replace("-", "_").replace(".scale", ".weight"), tensor


def padded(batch):
    texts = [torch.tensor(ids) for ids in batch["tokens"]]
    tokens = nn.utils.rnn.pad_sequence(texts, batch_first=True)
    return tokens, torch.tensor([len(text) - 1 for text in texts])


def make_optimizer(model, training):
    decayed = [p for p in model.parameters() if p.ndim == 2]
    others = [p for p in model.parameters() if p.ndim != 2]
    groups = [{"params": decayed, "weight_decay": training["weightDecay"]}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=training["learningRate"], fused=True)


class Peer:
    def __init__(self, command):
        torch.set_num_threads(command["threads"])
        self.training = command["training"]
        self.model = Decoder(command["config"], load_file(command["weights"]))
        self.optimizer = make_optimizer(self.model, self.training)
        with open(command["batches"]) as file:
            self.batches = json.load(file)

    def loss(self, batch):
        logits = self.model(*padded(batch))
        weights = torch.tensor(batch["weights"]) / len(batch["tokens"])
        each = F.binary_cross_entropy_with_logits(logits, torch.tensor(batch["targets"], dtype=torch.float32), reduction="none")
        return (each * weights).sum()

    def train(self, batch):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.training["clipNorm"])
        self.optimizer.step()
        return loss.item()

    def forward(self, batch):
        with torch.no_grad():
            return self.loss(batch).item()

    def run(self, command):
        one = self.train if command["run"] == "train" else self.forward
        start = time.perf_counter()
        losses = [one(self.batches[i]) for i in command["batches"]]
        milliseconds = 1000 * (time.perf_counter() - start)
        peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"milliseconds": milliseconds, "losses": losses, "peakBytes": peak}


def gemm(size):
    a, b = torch.rand(size, size), torch.rand(size, size)
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - start)
    return {"flopsPerSecond": 2 * size**3 / best}


def main():
    peer = None
    for line in sys.stdin:
        command = json.loads(line)
        if "config" in command:
            peer = Peer(command)
            answer = {"versions": {"torch": torch.__version__, "python": sys.version.split()[0]}}
        else:
            answer = gemm(command["size"]) if command["run"] == "gemm" else peer.run(command)
        print(json.dumps(answer), flush=True)


main()
