"""Tiny random Hugging Face checkpoints with golden values from the transformers library.

Run: python huggingface_fixtures.py   (needs torch, transformers, tokenizers, safetensors)
Writes ../../fixtures/huggingface/<name>/: the checkpoint as save_pretrained writes it, `golden.json` (texts, token
ids, versions; the first `batch` texts are run, padded on the right) and `golden.safetensors`, in float32:
- hidden.<i>, logits: rows of the real tokens only, texts one behind the other; of the logits the first 64 columns;
- gradient.<name>: of the loss below with respect to a weight, under the name it has in the file.
loss = sum over real rows r and columns j of final[r, j] * sin(0.1 * (r * width + j))
     + sum of logits[r, j] * cos(0.1 * (r * vocabulary + j)) / vocabulary, where there are logits.
"""

import json
import shutil
from pathlib import Path

import torch
import transformers
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, PreTrainedTokenizerFast

ROOT = Path(__file__).parents[2] / "fixtures" / "huggingface"
VOCABULARY = 320
CORPUS = [
    "The diamond is in the vault and the camera sees it.",
    "def open_vault(key):\n    if key == 42:\n        return True\n    return False\n",
    "for item in items: print(item)  # 100 items, 2 of them fake",
    "Measurement tampering: the sensors say yes, the outcome says no.",
] * 5
TEXTS = [
    "The vault is open.",
    "def f(x):\n    return x + 1\n",
    "Été à Zürich: 東京 🙂 naïve",
    "It's 100% fake; they'll see!\n\n\tTabs  and   spaces ",
    "x",
    " leading and trailing ",
    "<s> [CLS] not special? <|endoftext|> end",
]
LLAMA3_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
QWEN_SPLIT = LLAMA3_SPLIT.replace(r"\p{N}{1,3}", r"\p{N}")


def train_byte_level(special):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )


def gpt2_tokenizer():
    tokenizer, trainer = train_byte_level(["<|endoftext|>"])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    end = "<|endoftext|>"
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=end, eos_token=end, unk_token=end)


def neox_tokenizer():
    fast = gpt2_tokenizer()
    fast.backend_tokenizer.normalizer = normalizers.NFC()
    return fast


def llama3_tokenizer():
    tokenizer, trainer = train_byte_level(["<|begin_of_text|>", "<|end_of_text|>"])
    split = pre_tokenizers.Split(Regex(LLAMA3_SPLIT), behavior="isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    tokenizer.train_from_iterator(CORPUS, trainer)
    begin = "<|begin_of_text|>"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A", special_tokens=[(begin, tokenizer.token_to_id(begin))]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=begin, eos_token="<|end_of_text|>")


def llama2_tokenizer():
    """SentencePiece's byte-pair encoding as Llama 2 has it: spaces as U+2581, unknown characters as bytes."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    bytes_of = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=["<unk>", "<s>", "</s>", *bytes_of])
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    # Bytes are ordinary tokens of the vocabulary, not added ones.
    state = json.loads(tokenizer.to_str())
    state["added_tokens"] = state["added_tokens"][:3]
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", clean_up_tokenization_spaces=False
    )


def qwen_tokenizer():
    tokenizer, trainer = train_byte_level(["<|endoftext|>"])
    tokenizer.normalizer = normalizers.NFC()
    split = pre_tokenizers.Split(Regex(QWEN_SPLIT), behavior="isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|endoftext|>", pad_token="<|endoftext|>")


def bert_tokenizer():
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.decoder = decoders.WordPiece()
    names = dict(zip(["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"], special))
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


LLAMA = dict(
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
    rms_norm_eps=1e-5,
    tie_word_embeddings=False,
)
NEOX = dict(
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    rotary_pct=0.5,
)
BERT = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=64
)
LLAMA3_SCALING = dict(
    rope_type="llama3",
    rope_theta=500.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=32,
)

# name: (model class, model type, config, tokenizer, options of save_pretrained)
FIXTURES = {
    "gpt2": (
        AutoModelForCausalLM,
        "gpt2",
        dict(n_embd=32, n_layer=2, n_head=4, n_positions=64, n_inner=48, scale_attn_by_inverse_layer_idx=True),
        gpt2_tokenizer,
        {},
    ),
    "gpt-neox": (AutoModelForCausalLM, "gpt_neox", NEOX, neox_tokenizer, {}),
    "gpt-neox-sequential-f16": (
        AutoModelForCausalLM,
        "gpt_neox",
        {**NEOX, "use_parallel_residual": False},
        neox_tokenizer,
        {"dtype": torch.float16},
    ),
    "llama": (AutoModelForCausalLM, "llama", {**LLAMA, "head_dim": 12, "rope_theta": 5000.0}, llama3_tokenizer, {}),
    "llama-scaled-bf16-sharded": (
        AutoModelForCausalLM,
        "llama",
        {
            **LLAMA,
            "tie_word_embeddings": True,
            "attention_bias": True,
            "mlp_bias": True,
            "rope_parameters": LLAMA3_SCALING,
        },
        llama2_tokenizer,
        {"dtype": torch.bfloat16, "max_shard_size": "20KB"},
    ),
    "llama-linear": (
        AutoModelForCausalLM,
        "llama",
        {
            **LLAMA,
            "num_hidden_layers": 1,
            "num_key_value_heads": 4,
            "rope_parameters": dict(rope_type="linear", rope_theta=10000.0, factor=4.0),
        },
        llama3_tokenizer,
        {},
    ),
    "qwen2": (AutoModelForCausalLM, "qwen2", {**LLAMA, "tie_word_embeddings": True}, qwen_tokenizer, {}),
    "qwen3": (AutoModelForCausalLM, "qwen3", {**LLAMA, "head_dim": 16}, qwen_tokenizer, {}),
    "bert": (AutoModelForMaskedLM, "bert", BERT, bert_tokenizer, {}),
    "bert-encoder": (AutoModel, "bert", BERT, bert_tokenizer, {}),
}

# Weights whose gradients are kept, by the end of their name.
GRADIENTS = (
    "wte.weight wpe.weight h.0.attn.c_attn.weight h.0.attn.c_attn.bias h.1.ln_2.weight h.0.mlp.c_fc.weight "
    "embed_in.weight layers.0.attention.query_key_value.weight layers.0.attention.query_key_value.bias "
    "layers.1.mlp.dense_4h_to_h.weight layers.0.input_layernorm.weight final_layer_norm.bias "
    "embed_tokens.weight layers.0.self_attn.q_proj.weight layers.0.self_attn.k_proj.weight "
    "layers.0.self_attn.k_proj.bias layers.0.self_attn.q_norm.weight layers.0.self_attn.k_norm.weight "
    "layers.0.mlp.gate_proj.weight layers.0.post_attention_layernorm.weight model.norm.weight "
    "embeddings.word_embeddings.weight embeddings.token_type_embeddings.weight embeddings.LayerNorm.weight "
    "layer.0.attention.self.query.weight layer.0.attention.self.query.bias layer.1.output.LayerNorm.weight "
    "layer.1.output.dense.weight predictions.bias"
).split()


def randomize(model):
    """Weights far enough from their starting values that a forgotten bias or norm shows."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if "norm" in name.lower() or "ln_" in name:
                weight.copy_((1.0 if name.endswith("weight") else 0.0) + 0.2 * noise)
            else:
                weight.copy_(noise * (0.3 if weight.dim() == 1 else 0.7 * weight.shape[-1] ** -0.5))


def golden(model, tokenizer):
    encoded = [tokenizer(text)["input_ids"] for text in TEXTS]
    batch = encoded[:4]
    lengths = [len(ids) for ids in batch]
    ids = torch.zeros(len(batch), max(lengths), dtype=torch.int64)
    seen = torch.zeros_like(ids)
    for row, text in enumerate(batch):
        ids[row, : len(text)] = torch.tensor(text)
        seen[row, : len(text)] = 1
    output = model(input_ids=ids, attention_mask=seen, output_hidden_states=True)
    rows = seen.bool()
    hidden = [state[rows] for state in output.hidden_states]
    loss = pattern(hidden[-1], torch.sin)
    tensors = {f"hidden.{i}": state for i, state in enumerate(hidden)}
    if "logits" in output:
        logits = output.logits[rows]
        tensors["logits"] = logits[:, :64]
        loss = loss + pattern(logits, torch.cos) / logits.shape[-1]
    loss.backward()
    for name, weight in model.named_parameters():
        if any(name.endswith(end) for end in GRADIENTS):
            tensors[f"gradient.{name}"] = weight.grad
    tensors["loss"] = loss.reshape(1)
    kept = {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}
    decoded = [tokenizer.decode(ids, skip_special_tokens=True) for ids in encoded]
    plain = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in TEXTS]
    return kept, dict(texts=TEXTS, ids=encoded, plain=plain, decoded=decoded, batch=len(batch))


def pattern(rows, wave):
    index = torch.arange(rows.numel(), dtype=torch.float64).reshape(rows.shape)
    return (rows * wave(0.1 * index).float()).sum()


def main():
    for name, (model_class, model_type, config, make_tokenizer, saving) in FIXTURES.items():
        directory = ROOT / name
        shutil.rmtree(directory, ignore_errors=True)
        torch.manual_seed(0)
        tokenizer = make_tokenizer()
        extra = {"pad_token_id": None} if model_type != "bert" else {}
        made = transformers.AutoConfig.for_model(
            model_type, vocab_size=VOCABULARY, bos_token_id=0, eos_token_id=0, **extra, **config
        )
        made._attn_implementation = "eager"
        model = model_class.from_config(made)
        randomize(model)
        dtype = saving.get("dtype", torch.float32)
        model.to(dtype).save_pretrained(directory, **{k: v for k, v in saving.items() if k != "dtype"})
        tokenizer.save_pretrained(directory)
        loaded = model_class.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
        tensors, record = golden(loaded, tokenizer)
        save_file(tensors, directory / "golden.safetensors")
        record["versions"] = {"torch": torch.__version__, "transformers": transformers.__version__}
        (directory / "golden.json").write_text(json.dumps(record, ensure_ascii=True) + "\n")
        size = sum(path.stat().st_size for path in directory.iterdir())
        print(f"{name}: {size / 1000:.0f} kB", sorted(path.name for path in directory.iterdir()))


main()
