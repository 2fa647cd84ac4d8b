"""Golden outputs of attention heads before their output projection, from the transformers library.

Run: python huggingface-heads.py   (needs torch, transformers)
Reads the checkpoints that huggingface_fixtures.py made and writes ../huggingface-heads.golden.json: for each of them,
for each block, what goes into the attention's output projection at the last token of the first `batch` texts of its
golden.json, each text run alone, in float32.
"""

import json
from pathlib import Path

import torch
import transformers
from transformers import AutoModel

FIXTURES = Path(__file__).parents[2] / "fixtures" / "huggingface"
OUTPUT = Path(__file__).parents[1] / "huggingface-heads.golden.json"
PROJECTIONS = ("attn.c_proj", "attention.dense", "self_attn.o_proj", "attention.output.dense")


def outputs_of(directory):
    record = json.loads((directory / "golden.json").read_text())
    model = AutoModel.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
    projections = [module for name, module in model.named_modules() if name.endswith(PROJECTIONS)]
    assert len(projections) == model.config.num_hidden_layers
    seen = []
    for projection in projections:
        projection.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0][0, -1]))
    texts = []
    with torch.no_grad():
        for ids in record["ids"][: record["batch"]]:
            seen.clear()
            model(input_ids=torch.tensor([ids]))
            texts.append([[float(f"{value:.9g}") for value in row.tolist()] for row in seen])
    return dict(heads=model.config.num_attention_heads, outputs=texts)


def main():
    directories = sorted(path for path in FIXTURES.iterdir() if path.is_dir())
    record = dict(
        versions={"torch": torch.__version__, "transformers": transformers.__version__},
        checkpoints={directory.name: outputs_of(directory) for directory in directories},
    )
    OUTPUT.write_text(json.dumps(record) + "\n")
    print(OUTPUT, OUTPUT.stat().st_size)


main()
