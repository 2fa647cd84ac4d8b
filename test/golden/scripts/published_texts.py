"""Small Parquet files of our own with exactly the columns of published weak-to-strong and quirky datasets, written by the
library that wrote those: python test/golden/scripts/published_texts.py  (datasets 5.2.0, pyarrow 26.0.1).
Texts and values are made up; the layout is what is tested: labels of a class, lists, structs, 64-bit numbers.
"""

from pathlib import Path

from datasets import ClassLabel, Dataset, Features, List, Value

target = Path(__file__).parent.parent.parent / "fixtures" / "published-texts"
text, truth = Value("string"), Value("bool")


def save(path, features, rows):
    file = target / path
    file.parent.mkdir(parents=True, exist_ok=True)
    Dataset.from_list(rows, features=Features(features)).to_parquet(file, batch_size=16)


science = ["question", "distractor3", "distractor1", "distractor2", "correct_answer", "support"]
for split, count in {"train": 40, "validation": 4, "test": 12}.items():
    rows = [
        {
            **{f"distractor{j}": f"wrong {split} {i}.{j}" for j in (1, 2, 3)},
            "question": f"Which {split} is number {i}?",
            "correct_answer": f"right {split} {i}",
            "support": "" if i % 3 else f"Number {i} is right.",
        }
        for i in range(count)
    ]
    save(f"sciq/data/{split}-00000-of-00001.parquet", {name: text for name in science}, rows)

polarity = {"label": ClassLabel(names=["negative", "positive"]), "title": text, "content": text}
for split, files, count in [("train", 2, 24), ("test", 1, 8)]:
    for file in range(files):
        rows = [{"label": i % 2, "title": f"{split} {file}", "content": f"review {i}"} for i in range(count)]
        save(f"amazon-polarity/amazon_polarity/{split}-0000{file}-of-0000{files}.parquet", polarity, rows)

quirky = {
    "id": text,
    "choices": List(text),
    "label": Value("int64"),
    "difficulty": Value("float64"),
    "difficulty_quantile": Value("float64"),
    "statement": text,
    "character": text,
    "alice_label": truth,
    "bob_label": truth,
}
for split, start, count in [("train", 0, 24), ("validation", 100, 4), ("test", 200, 16)]:
    rows = []
    for i in range(start, start + count):
        alice, bob = i % 2 == 0, i % 3 == 0
        for character, label in [("Alice", alice), ("Bob", bob)]:
            rows.append(
                {
                    "id": f"{i:08x}",
                    "choices": [" False", " True"],
                    "label": int(label),
                    "difficulty": (i - start) / 10,
                    "difficulty_quantile": (i - start + 0.5) / count,
                    "statement": f"Name: {character}\n\nStatement {i} is made up.\n\nIs it so?",
                    "character": character,
                    "alice_label": alice,
                    "bob_label": bob,
                }
            )
    save(f"quirky/data/{split}-00000-of-00001.parquet", quirky, rows)
