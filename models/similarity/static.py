"""The bundled model: a vector per word piece, a text is the mean of its own.

Trained and saved by sentence-transformers (``StaticEmbedding``), served from the same files with numpy, so
that a run needs no torch. Both ways give the same vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.similarity.files import ModelError
from pipeline.protocols import Vectors

# Texts per step: 256 articles of 400 word pieces are 50 MB of vectors.
BATCH = 256
# Where sentence-transformers may put the module that holds the weights.
_PLACES = ("", "0_StaticEmbedding")


class StaticEmbedding:
    """Turns texts into vectors with the weights of one folder."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        for place in _PLACES:
            weights = folder / place / "model.safetensors"
            if weights.is_file():
                break
        else:
            raise ModelError(f"{folder} holds no model.safetensors")
        self._weights: Vectors = load_file(weights)["embedding.weight"].astype(np.float32)
        self._tokenizer = Tokenizer.from_file(str(weights.with_name("tokenizer.json")))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.dimension = int(self._weights.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row per text; a text without known words is a row of zeros."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for begin in range(0, len(texts), BATCH):
            batch = list(texts[begin : begin + BATCH])
            encoded = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            ids = [np.asarray(item.ids, dtype=np.int64) for item in encoded]
            filled = [row for row, pieces in enumerate(ids) if len(pieces)]
            if not filled:
                continue
            sizes = np.array([len(ids[row]) for row in filled])
            starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
            gathered = self._weights[np.concatenate([ids[row] for row in filled])]
            sums = np.add.reduceat(gathered, starts, axis=0)
            rows[begin + np.array(filled)] = sums / sizes[:, None]
        return normalised(rows)


def normalised(rows: Vectors) -> Vectors:
    """Return the rows at length one; a row of zeros stays what it is."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
