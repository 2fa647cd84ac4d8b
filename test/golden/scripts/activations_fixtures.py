"""Tiny files of activations as numpy and safetensors write them, with the values that a reader must find.

Run: python activations_fixtures.py   (needs numpy, torch and safetensors; writes ../activations/)
"""

import json
from pathlib import Path

import numpy
import safetensors
import torch
from numpy.lib import format as npy
from safetensors.torch import save_file

folder = Path(__file__).parent.parent / "activations"
folder.mkdir(exist_ok=True)

rng = numpy.random.default_rng(0)
rows, columns = 5, 3
values = rng.normal(size=(rows, columns))
values[0, 0], values[1, 1] = 1e-7, -60000.0
ids = ["a", "bé", "日本", "d\U0001F600", "e-5"]


def write(name, array, version=None):
    with open(folder / f"{name}.npy", "wb") as file:
        npy.write_array(file, array, version=version)


def floats(array):
    return [float(value) for value in array.astype(numpy.float32).reshape(-1)]


arrays = {
    "f4": values.astype("<f4"),
    "f8": values.astype("<f8"),
    "f2": values.astype("<f2"),
    "f4-fortran": numpy.asfortranarray(values.astype("<f4")),
    "f8-fortran": numpy.asfortranarray(values.astype("<f8")),
    "one-dimension": values[:, 0].astype("<f4"),
    "no-rows": values[:0].astype("<f4"),
}
for name, array in arrays.items():
    write(name, array)
for version in [(2, 0), (3, 0)]:
    write(f"f4-version-{version[0]}", arrays["f4"], version)
arrays |= {"f4-version-2": arrays["f4"], "f4-version-3": arrays["f4"]}

refused = {
    "big-endian": values.astype(">f4"),
    "three-dimensions": values.astype("<f4").reshape(rows, columns, 1),
    "complex": values.astype("<c8"),
    "fields": numpy.array([(1, 2.0)], dtype=[("x", "<i4"), ("y", "<f4")]),
}
for name, array in refused.items():
    write(name, array)

id_arrays = {
    "ids-unicode": numpy.array(ids),
    "ids-bytes": numpy.array([b"a", b"bc", b"def", b"", b"x y"]),
    "ids-i8": numpy.array([1, -2, 2**60, 4, 5], dtype="<i8"),
    "ids-u1": numpy.array([1, 2, 200, 4, 5], dtype="|u1"),
}
for name, array in id_arrays.items():
    write(name, array)

npz = {"ids": id_arrays["ids-unicode"], "layer_0": arrays["f4"], "layer_6": arrays["f2"]}
numpy.savez(folder / "stored.npz", **npz)
numpy.savez_compressed(folder / "deflated.npz", **npz)

tensors = {name: torch.tensor(values).to(dtype) for name, dtype in [
    ("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16), ("f64", torch.float64)]}
save_file(tensors, folder / "torch.safetensors", metadata={"format": "pt"})

golden = {
    "versions": {"numpy": numpy.__version__, "torch": torch.__version__, "safetensors": safetensors.__version__},
    "arrays": {name: {"shape": list(array.shape), "values": floats(array)} for name, array in arrays.items()},
    "refused": list(refused),
    "ids": {
        name: [item.decode() if isinstance(item, bytes) else str(item) for item in array.tolist()]
        for name, array in id_arrays.items()
    },
    "npz": {name: floats(npz[name]) for name in ["layer_0", "layer_6"]},
    "safetensors": {name: floats(tensor.to(torch.float32).numpy()) for name, tensor in tensors.items()},
}
(folder / "activations.golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
