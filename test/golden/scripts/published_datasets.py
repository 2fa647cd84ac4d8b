"""Small Parquet files of our own with exactly the columns of the published measurement-tampering datasets, written by
the library that wrote those: python test/golden/scripts/published_datasets.py  (datasets 5.2.0, pyarrow 26.0.1).
Texts and values are made up; the layout is what is tested.
"""

import itertools
import random
from pathlib import Path

from datasets import Dataset, DatasetDict

target = Path(__file__).parent.parent.parent / "fixtures" / "published"
patterns = list(itertools.product([True, False], repeat=3))


def rows(split, count, extra):
    rng = random.Random(split)
    for i in range(count):
        measurements = list(patterns[i % 8])
        clean = all(measurements) == any(measurements) and rng.random() < 0.5
        correct = all(measurements) and (clean or rng.random() < 0.6)
        row = {
            "text": f"{split} {i}: v.append({rng.randrange(9)})\nv.pop({rng.randrange(9)})",
            "measurements": measurements,
            "is_correct": correct,
            "is_clean": clean,
        }
        yield {**row, **extra(split, i, row)}


def save(name, extra, splits):
    tables = {split: Dataset.from_list(list(rows(split, count, extra))) for split, count in splits.items()}
    for split, table in DatasetDict(tables).items():
        path = target / name / "data" / f"{split}-00000-of-00001.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path)


def difficulty(split, i, _row):
    return {"difficulty": 2 if split == "train" else 2 + i % 3}


def evidence(_split, i, row):
    individual = [not m and not row["is_clean"] for m in row["measurements"]]
    return {"overall_tamper_evidence": any(individual) and i % 3 > 0, "individual_tamper_evidence": individual}


def plain(_split, _i, _row):
    return {}


save("diamonds", difficulty, {"train": 64, "validation": 48, "train_for_val": 16})
save("stories", evidence, {"train": 64, "validation": 32})
save("text-properties", plain, {"train": 64, "validation": 32})
