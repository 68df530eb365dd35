"""Train the bundled model from openly licensed sentences; a few minutes on one core.

python -m models.similarity.train --data DIR [--out DIR] [--gold FILE...]

A word piece gets a random vector, short when the piece is frequent (the weights of Arora et al. 2017, "A
simple but tough-to-beat baseline for sentence embeddings"); training then draws the two texts of each pair
together and the others of its batch apart (multiple negatives ranking, Henderson et al. 2017). A batch
holds pairs of one source alone, so a headline is set against other headlines and not against a glossary.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models import similarity
from models.similarity import calibration as calibrations
from models.similarity import corpora, files
from models.similarity.calibrate import labelled, labelled_pairs
from models.similarity.corpora import Pairs

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NAME = "suar-static"
SEED = 20240618
# Fewer pieces and more numbers each did better than 12,000 by 160 at the same size on disk.
VOCABULARY = 7_600
DIMENSION = 240
BATCH = 128
EPOCHS = 6
LEARNING_RATE = 0.005
# Sharpness of the softmax over a batch. The usual 20 learns the pairs by heart: with so few of them retrieval of
# translations rose from .73 to .85 when it was lowered to 7, and stayed there down to 4.
SCALE = 7.0
# Invented headlines: enough to see every name in every role, too few to outweigh real sentences.
N_REPORTS = 2_000
# Frequency at which a word piece weighs half: 1e-3 is the value of Arora et al. 2017.
HALF_WEIGHT = 1e-3
# Sources that show how often a word occurs; lists and invented headlines would make our own words common.
RUNNING_TEXT = ("talpco", "treebanks", "indonli")
UNKNOWN = "[UNK]"
WORD_START = "\u2581"
GOLD = similarity.HERE.parents[1] / "tests" / "gold"


def gather(data: Path) -> dict[str, Pairs]:
    """Return the pairs by source, without any that holds a sentence of an evaluation set."""
    barred = corpora.held_out(data)
    found = {
        "talpco": corpora.talpco(data),
        "treebanks": corpora.treebanks(data),
        "indonli": corpora.indonli(data),
        "countries": corpora.countries(data),
        "concepts": corpora.concepts(),
        "reports": corpora.reports(N_REPORTS, SEED),
    }
    return {
        source: [pair for pair in pairs if not barred & {corpora.letters(text) for text in pair}]
        for source, pairs in found.items()
    }


def train_tokenizer(texts: Sequence[str]) -> Tokenizer:
    """Return a tokenizer of lower-case word pieces; marks and punctuation fall away, 1.015 is 1015.

    Byte-pair encoding with the word start written into the piece: its trainer breaks ties by the alphabet,
    so the same texts give the same pieces, which the trainer of WordPiece does not promise.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.StripAccents(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"(?<=\d)[.,](?=\d{3}(?!\d))"), ""),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}]+"), "removed"),
            pre_tokenizers.Metaspace(WORD_START, prepend_scheme="always", split=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[UNKNOWN], show_progress=False, min_frequency=2
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def start_weights(
    tokenizer: Tokenizer, texts: Sequence[str]
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a random vector per word piece, the shorter the more often the piece occurs."""
    counts: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(list(texts)):
        counts.update(encoding.ids)
    size = tokenizer.get_vocab_size()
    share = np.array([counts[piece] for piece in range(size)]) / max(1, counts.total())
    rows = np.random.default_rng(SEED).standard_normal((size, DIMENSION)) / np.sqrt(DIMENSION)
    rows *= (HALF_WEIGHT / (HALF_WEIGHT + share))[:, None]
    return np.asarray(rows, dtype=np.float32)


def distinct(sources: dict[str, Pairs], wanted: Iterable[str]) -> list[str]:
    """Return every text of these sources once, in order: how pairs were made should not count."""
    return sorted({text for name in wanted for pair in sources.get(name, []) for text in pair})


def batches(sources: dict[str, Pairs], seed: int) -> Iterator[Pairs]:
    """Yield one epoch of batches in random order, each of one source and without a text twice."""
    chooser = random.Random(seed)  # noqa: S311 -- an order, no secret
    found: list[Pairs] = []
    for _, pairs in sorted(sources.items()):
        shuffled = [pair if chooser.random() < 0.5 else pair[::-1] for pair in pairs]
        chooser.shuffle(shuffled)
        waiting = shuffled
        while waiting:
            batch: Pairs = []
            seen: set[str] = set()
            later: Pairs = []
            for pair in waiting:
                if len(batch) == BATCH or seen & set(pair):
                    later.append(pair)
                else:
                    batch.append(pair)
                    seen.update(pair)
            if len(batch) < BATCH // 4:
                break  # what is left has too few others to be set against
            found.append(batch)
            waiting = later
    chooser.shuffle(found)
    yield from found


def train(sources: dict[str, Pairs], out: Path) -> None:
    """Write the trained model to an empty folder, in the format of sentence-transformers."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # sums in one order: the same weights on every run
    torch.use_deterministic_algorithms(mode=True)
    tokenizer = train_tokenizer(distinct(sources, sorted(sources)))
    weights = start_weights(tokenizer, distinct(sources, RUNNING_TEXT))
    static = StaticEmbedding(tokenizer, embedding_weights=weights)
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    loss = MultipleNegativesRankingLoss(model, scale=SCALE)
    epochs = [list(batches(sources, SEED + epoch)) for epoch in range(EPOCHS)]
    total = sum(map(len, epochs))
    optimiser = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / total)
    model.train()
    for number, epoch in enumerate(epochs, start=1):
        losses = []
        for batch in epoch:
            columns = [list(column) for column in zip(*batch, strict=True)]
            optimiser.zero_grad()
            value = loss([static.preprocess(column) for column in columns], None)
            value.backward()
            optimiser.step()
            schedule.step()
            losses.append(float(value.detach()))
        sys.stderr.write(f"epoch {number}/{EPOCHS}: loss {np.mean(losses):.4f}\n")
    model.eval()
    with torch.no_grad():
        # A word of unknown letters says nothing: two of them must not look alike.
        for piece in (UNKNOWN, WORD_START):
            static.embedding.weight[tokenizer.token_to_id(piece)] = 0.0
    model.save_pretrained(str(out), safe_serialization=True, create_model_card=False)


def finish(folder: Path, counts: dict[str, int], gold: Sequence[Path]) -> None:
    """Calibrate a trained folder and write its training facts and manifest."""
    for path in files.listed(folder):
        path.chmod(0o644)  # weights are written for the owner alone
    facts = {
        "name": NAME, "seed": SEED, "dimension": DIMENSION, "vocabulary": VOCABULARY, "epochs": EPOCHS,
        "batch": BATCH, "learning_rate": LEARNING_RATE, "scale": SCALE, "pairs": counts,
    }  # fmt: skip
    (folder / "training.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    files.write_manifest(folder, NAME)
    if gold:
        encoder, target = similarity.uncalibrated(str(folder))
        pairs = labelled_pairs(labelled(gold))
        calibrations.write(target, calibrations.calibrate(encoder, pairs))
        files.write_manifest(folder, NAME)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, calibrate and put the model in its place; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.similarity.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=similarity.BUNDLED, help="folder to replace")
    parser.add_argument("--gold", type=Path, nargs="*", help="labelled sets to calibrate on")
    options = parser.parse_args(arguments)
    gold = sorted(GOLD.glob("*.jsonl")) if options.gold is None else options.gold
    try:
        sources = gather(options.data)
    except OSError as error:
        sys.stderr.write(f"training data missing: {error}\n")
        return 1
    counts = {source: len(pairs) for source, pairs in sources.items()}
    sys.stderr.write(f"pairs: {counts}\n")
    out: Path = options.out
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".training-") as scratch:
        fresh = Path(scratch) / "model"
        train(sources, fresh)
        finish(fresh, counts, gold)
        # The old model stays until the new one is whole.
        if out.exists():
            out.rename(Path(scratch) / "old")
        fresh.rename(out)
    sys.stdout.write(f"written to {out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
