#!/usr/bin/env python3
"""Encodes and trains with isoflop and with Hugging Face's `tokenizers` in turn, and prints the ratios.

    scripts/isoflop --version && python3 scripts/compare_tokenizers.py sample.txt held_out.txt

Trains a BPE on the sample with both and says whether the two files are equal; then encodes the held-out
text with that BPE, with GPT-2's and GPT-4's and with bytes, and says whether the ids are. Both have all processors,
the same documents (whole lines, 16 KiB and more) in memory, and keep their tokens there. A shared machine drifts by
more than the two differ, so each round measures both, one right after the other, and the table shows
medians over the rounds and the median of the rounds' own ratios: above 1, isoflop is faster. The first round of
each is not counted. Needs a Python with `tokenizers`, and a JDK.
"""

from __future__ import annotations

import argparse
import base64
import json
import statistics
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

SCRIPTS = Path(__file__).resolve().parent
TARGET = SCRIPTS.parent / "harness" / "target"
END = "<|endoftext|>"
DOCUMENT = 1 << 14
GPT4 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BATCH = 1000


def documents(file: Path) -> list[str]:
    """Cuts a text as TokenizerSpeed.java does."""
    text = file.read_bytes()
    found, start = [], 0
    while start < len(text):
        end = min(len(text), start + DOCUMENT)
        while end < len(text) and text[end - 1 : end] != b"\n":
            end += 1
        found.append(text[start:end].decode("utf-8", "replace"))
        start = end
    return found


def byte_level(vocab: dict[str, int], merges: list[tuple[str, str]]) -> Tokenizer:
    """Returns GPT-2's kind of tokenizer."""
    made = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    return made


def letters() -> list[str]:
    """Returns the letter that stands for each byte (GPT-2's encoder.py)."""
    printable = [*range(33, 127), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(256, 512))
    return [chr(b if b in printable else next(others)) for b in range(256)]


def openai(class_path: str, name: str) -> Tokenizer:
    """Makes a tokenizer of tiktoken's ranks: a token's merge is what its bytes come to without it."""
    jar = next(Path(j) for p in class_path.split(":") for j in jars(p) if "jtokkit" in Path(j).name)
    lines = zipfile.ZipFile(jar).read(f"com/knuddels/jtokkit/{name}.tiktoken").split()
    ranks = {base64.b64decode(t): int(r) for t, r in zip(lines[::2], lines[1::2])}
    letter, merges = letters(), []

    def text(token: bytes) -> str:
        return "".join(letter[b] for b in token)

    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        parts = [token[i : i + 1] for i in range(len(token))]
        while len(parts) > 2:
            joined = [ranks.get(a + b, rank) for a, b in zip(parts, parts[1:])]
            at = min(range(len(joined)), key=joined.__getitem__)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        if len(parts) == 2:
            merges.append((text(parts[0]), text(parts[1])))
    return byte_level({text(token): rank for token, rank in ranks.items()}, merges)


def jars(entry: str) -> list[str]:
    return [str(j) for j in Path(entry[:-1]).glob("*.jar")] if entry.endswith("/*") else [entry]


class Isoflop:
    """A running TokenizerSpeed."""

    def __init__(self, class_path: str) -> None:
        command = ["java", "-XX:+UseSerialGC", "-Xmx1g", "-cp", class_path]
        self.process = subprocess.Popen(
            [*command, str(SCRIPTS / "TokenizerSpeed.java")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, *words: object) -> float:
        """Returns the seconds it took."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def timed(action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def rounds(what: str, unit: str, size: float, count: int, ours, theirs, note: str = "") -> None:
    """Measures both, and prints size per second, or seconds where there is no size."""
    pairs = [(ours(), theirs()) for _ in range(count + 1)][1:]
    value = (lambda seconds: size / seconds) if size else (lambda seconds: seconds)
    mine, other = (statistics.median(value(p[i]) for p in pairs) for i in (0, 1))
    ratios = sorted(p[1] / p[0] for p in pairs)
    print(
        f"{what:<22}{mine:9.1f}{other:9.1f} {unit:<5} {statistics.median(ratios):6.1f}"
        f"  [{ratios[0]:.1f}, {ratios[-1]:.1f}]  {note}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sample", type=Path, help="text to train on")
    parser.add_argument("held_out", type=Path, help="text to encode")
    parser.add_argument("--vocabulary", type=int, default=4096)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--class-path", default=f"{TARGET}/classes:{TARGET}/lib/*")
    options = parser.parse_args()

    sample, held_out = documents(options.sample), documents(options.held_out)
    size = options.held_out.stat().st_size
    isoflop = Isoflop(options.class_path)
    print(f"{'':<22}{'isoflop':>9}{'theirs':>9} {'':<5} {'ratio':>6}  [lowest, highest]")
    with tempfile.TemporaryDirectory() as folder:
        mine, other = Path(folder, "isoflop.json"), Path(folder, "theirs.json")
        trained = byte_level({}, [])

        def train() -> None:
            trained.train_from_iterator(
                sample,
                trainers.BpeTrainer(
                    vocab_size=options.vocabulary,
                    special_tokens=[END],
                    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                    show_progress=False,
                ),
            )

        isoflop.ask("read", options.sample)
        rounds(
            f"train {options.vocabulary}",
            "s",
            0,
            max(1, options.rounds // 2),
            lambda: isoflop.ask("train", options.vocabulary, mine),
            lambda: timed(train),
        )
        trained.save(str(other))
        equal = json.loads(mine.read_text()) == json.loads(other.read_text())
        print(f"  the two files are {'equal' if equal else 'NOT equal'}")
        isoflop.ask("read", options.held_out)
        encode(isoflop, "bytes", "bytes", byte_level(dict(zip(letters(), range(256))), []), held_out, size, options)
        encode(isoflop, f"BPE {options.vocabulary}", mine, trained, held_out, size, options)
        encode(isoflop, "GPT-2", "gpt2", openai(options.class_path, "r50k_base"), held_out, size, options)
        gpt4 = openai(options.class_path, "cl100k_base")
        gpt4.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(GPT4), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        encode(isoflop, "cl100k (GPT-4)", "cl100k", gpt4, held_out, size, options)


def encode(isoflop, what, name, theirs: Tokenizer, texts: list[str], size: int, options) -> None:
    theirs.encode_special_tokens = True
    isoflop.ask("load", name)
    rounds(
        what,
        "MB/s",
        size / 1e6,
        options.rounds,
        lambda: isoflop.ask("encode"),
        lambda: timed(lambda: encode_all(theirs, texts)),
    )
    with tempfile.TemporaryDirectory() as folder:
        ids = Path(folder, "ids")
        isoflop.ask("write", ids)
        mine = [int(line) for line in ids.read_text().split()]
    if what == "bytes":
        return
    other = [id for text in texts for id in theirs.encode(text, add_special_tokens=False).ids]
    print(
        f"  {len(mine):,} and {len(other):,} ids, {'equal' if mine == other else 'NOT equal'};"
        f" {size / len(mine):.3f} bytes per token"
    )


def encode_all(tokenizer: Tokenizer, texts: list[str]) -> None:
    for start in range(0, len(texts), BATCH):
        tokenizer.encode_batch(texts[start : start + BATCH], add_special_tokens=False)


if __name__ == "__main__":
    main()
