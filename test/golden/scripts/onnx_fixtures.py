"""Tiny randomly initialised models as ONNX files by both of PyTorch's exporters, with golden values.

Run: python onnx_fixtures.py   (needs torch, transformers, onnx, onnxscript; writes ../../fixtures/onnx/)
Golden values, in float64: hidden states at every layer, logits where the model has them, and by weight the gradient of
the loss sum(c * last hidden state), c = cos(0.37 i) by element i, padding excluded.
"""

import copy
import json
import math
import warnings
from pathlib import Path

import onnx
import torch
import transformers
from transformers import (
    BertConfig,
    BertModel,
    DebertaV2Config,
    DebertaV2Model,
    DistilBertConfig,
    DistilBertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    WhisperConfig,
)
from transformers.models.whisper.modeling_whisper import WhisperEncoder

warnings.filterwarnings("ignore")
FOLDER = Path(__file__).parents[2] / "fixtures" / "onnx"
BATCH, TOKENS, VOCABULARY, WIDTH, INNER = 2, 7, 40, 12, 20
SIZES = {"vocab_size": VOCABULARY, "hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 2}
BERT = {**SIZES, "intermediate_size": INNER, "max_position_embeddings": 32}
DEBERTA = {
    "relative_attention": True,
    "pos_att_type": ["p2c", "c2p"],
    "position_biased_input": False,
    "position_buckets": 4,
    "max_relative_positions": -1,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": True,
}
WHISPER = {"d_model": WIDTH, "encoder_layers": 2, "encoder_attention_heads": 2, "encoder_ffn_dim": INNER}


def model_of(name):
    torch.manual_seed(len(name))
    eager = {"attn_implementation": "eager"} if name == "bert-eager" else {}
    if name in ("bert", "bert-eager"):
        return BertModel(BertConfig(**BERT, **eager), add_pooling_layer=False)
    if name == "minilm":
        return BertModel(BertConfig(**{**BERT, "hidden_act": "gelu_new", "num_attention_heads": 3}))
    if name == "distilbert":
        config = DistilBertConfig(
            vocab_size=VOCABULARY, dim=WIDTH, n_layers=2, n_heads=2, hidden_dim=INNER, max_position_embeddings=32
        )
        return DistilBertForMaskedLM(config)
    if name == "deberta":
        return DebertaV2Model(DebertaV2Config(**BERT, **DEBERTA, type_vocab_size=0))
    if name == "gpt2":
        return GPT2LMHeadModel(GPT2Config(vocab_size=VOCABULARY, n_embd=WIDTH, n_layer=2, n_head=2, n_positions=32))
    config = WhisperConfig(**WHISPER, num_mel_bins=8, max_source_positions=8, vocab_size=VOCABULARY)
    return WhisperEncoder(config)


def inputs_of(name):
    if name == "whisper":
        mel = [[[math.sin(0.3 * t + m + b) for t in range(16)] for m in range(8)] for b in range(BATCH)]
        return {"input_features": torch.tensor(mel)}
    ids = torch.tensor([[(5 * b + 3 * t + 1) % VOCABULARY for t in range(TOKENS)] for b in range(BATCH)])
    mask = torch.tensor([[1] * TOKENS, [1] * 4 + [0] * (TOKENS - 4)])
    inputs = {"input_ids": ids, "attention_mask": mask}
    return {**inputs, "token_type_ids": torch.zeros_like(ids)} if name in ("bert", "minilm") else inputs


class Wrapped(torch.nn.Module):
    """Returns a tuple, as the exporters want, and names the model's weights as the model does."""

    def __init__(self, model, names):
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *values):
        fixed = {} if isinstance(self.model, WhisperEncoder) else {"return_dict": False}
        if isinstance(self.model, GPT2LMHeadModel):
            fixed["use_cache"] = False
        output = self.model(**dict(zip(self.names, values)), **fixed)
        return output[0]


def perturb(model):
    """Biases and norms away from zeros and ones, so that a mistake with them shows."""
    with torch.no_grad():
        for index, parameter in enumerate(model.parameters()):
            waves = torch.cos(torch.arange(parameter.numel()) * 0.61 + index).reshape(parameter.shape)
            parameter.add_((0.3 if parameter.dim() == 1 else 0.15) * waves)


def golden(model, inputs):
    model = copy.deepcopy(model).double()
    values = {key: value.double() if value.is_floating_point() else value for key, value in inputs.items()}
    output = model(**values, output_hidden_states=True, return_dict=True)
    hidden = output.hidden_states
    weights = torch.cos(0.37 * torch.arange(hidden[-1].numel(), dtype=torch.float64)).reshape(hidden[-1].shape)
    if "attention_mask" in inputs:
        weights = weights * inputs["attention_mask"][..., None]
    loss = (weights * hidden[-1]).sum()
    loss.backward()
    gradients = {name: parameter.grad for name, parameter in model.named_parameters() if parameter.grad is not None}
    logits = output.get("logits")
    return {
        "inputs": {key: tensor_of(value) for key, value in inputs.items()},
        "hidden": [tensor_of(state) for state in hidden],
        **({} if logits is None else {"logits": tensor_of(logits)}),
        "loss": loss.item(),
        "gradients": {name: tensor_of(value) for name, value in gradients.items()},
    }


def tensor_of(value):
    numbers = value.detach().reshape(-1).tolist()
    return {"shape": list(value.shape), "data": [float(f"{number:.9g}") for number in numbers]}


def export(model, inputs, file, dynamo, opset):
    names = list(inputs)
    text = "input_features" not in inputs
    axes = {0: "batch", 1: "tokens"} if text else {0: "batch"}
    arguments = {"input_names": names, "output_names": ["output"], "opset_version": opset, "dynamo": dynamo}
    if not dynamo:
        arguments["dynamic_axes"] = {name: axes for name in names}
    else:
        arguments |= {"external_data": False, "verbose": False}
        # Whisper's encoder is written for one length; the batch is left fixed too.
        arguments |= {"dynamic_shapes": (tuple(axes for _ in names),)} if text else {}
    torch.onnx.export(Wrapped(model, names).eval(), tuple(inputs.values()), str(file), **arguments)


def stripped(file):
    """Without stack traces, which are most of a small file and speak of the machine that made it."""
    model = onnx.load(file)
    for node in model.graph.node:
        keep = [entry for entry in node.metadata_props if entry.key == "pkg.torch.onnx.name_scopes"]
        del node.metadata_props[:]
        node.metadata_props.extend(keep)
        node.doc_string = ""
    for value in [*model.graph.value_info, *model.graph.initializer, *model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    del model.graph.metadata_props[:], model.metadata_props[:]
    onnx.save(model, file)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    versions = {"torch": torch.__version__, "transformers": transformers.__version__, "onnx": onnx.__version__}
    for name in ("bert", "bert-eager", "minilm", "distilbert", "deberta", "gpt2", "whisper"):
        model = model_of(name).eval()
        perturb(model)
        inputs = inputs_of(name)
        values = {"versions": versions, **golden(model, inputs)}
        (FOLDER / f"{name}.golden.json").write_text(json.dumps(values) + "\n")
        for exporter, dynamo, opset in (("legacy", False, 14 if name != "minilm" else 17), ("dynamo", True, 20)):
            file = FOLDER / f"{name}.{exporter}.onnx"
            try:
                export(model, inputs, file, dynamo, opset)
                stripped(file)
                print(file.name, file.stat().st_size)
            except Exception as error:
                file.unlink(missing_ok=True)
                print(file.name, "not exported:", type(error).__name__, str(error).splitlines()[0][:200])


if __name__ == "__main__":
    main()
