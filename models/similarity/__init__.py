"""How alike two texts are: a vector each, whose cosine says it.

    load() -> Encoder

``load("")`` opens the model in ``bundled/`` and needs no torch; any other name is a sentence-transformers
model, a folder or a name on a hub, that has been calibrated first (``models.similarity.calibrate``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from models.similarity import calibration as calibrations
from models.similarity import files
from models.similarity.calibration import Calibration
from models.similarity.files import ModelError
from pipeline.protocols import Vectors

__all__ = ["BUNDLED", "Calibration", "ModelError", "SimilarityEncoder", "load", "uncalibrated"]

HERE = Path(__file__).resolve().parent
BUNDLED = HERE / "bundled"
# Where the thresholds of models that have no folder of ours are kept.
CALIBRATIONS = HERE / "calibrations"
# What is fetched of a model on a hub: never a pickle, never code.
_WANTED = ["*.safetensors", "*.json", "*.txt", "*.model"]


class SimilarityEncoder:
    """An ``Encoder`` whose thresholds are known."""

    def __init__(
        self,
        version: str,
        encode: Callable[[Sequence[str]], Vectors],
        calibration: Calibration | None,
    ) -> None:
        self.version = version
        self._encode = encode
        self._calibration = calibration

    @property
    def calibration(self) -> Calibration:
        """The thresholds on the cosine of this model."""
        if self._calibration is None:
            raise ModelError(f"the model {self.version} is not calibrated")
        return self._calibration

    @property
    def thresholds(self) -> dict[str, float]:
        """The thresholds by name."""
        found = self.calibration
        return {
            "same_event": found.same_event,
            "different_event": found.different_event,
            "same_topic": found.same_topic,
        }

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row of float32 per text: shape ``(len(texts), dimension)``."""
        return self._encode(texts)


def load(model: str = "", *, calibration: Path | None = None) -> SimilarityEncoder:
    """Return the encoder: the bundled one, or the sentence-transformers model of this folder or name.

    ``calibration`` is the file of thresholds where it does not lie in its usual place. Raises ``ModelError``
    for a model whose files were changed, that would run code, or that is not calibrated.
    """
    encoder, usual = _opened(model)
    found = calibrations.read(calibration or usual, encoder.version)
    return SimilarityEncoder(encoder.version, encoder.encode, found)


def uncalibrated(model: str = "") -> tuple[SimilarityEncoder, Path]:
    """Return the encoder without thresholds and the file where they belong: only to calibrate it."""
    return _opened(model)


def _opened(model: str) -> tuple[SimilarityEncoder, Path]:
    if not model:
        return _bundled(BUNDLED)
    folder = Path(model)
    if (folder / files.MANIFEST).is_file():
        return _bundled(folder)
    return _sentence_transformers(model)


def _bundled(folder: Path) -> tuple[SimilarityEncoder, Path]:
    """Open a folder of our own training."""
    from models.similarity.static import StaticEmbedding

    name = files.verify(folder)
    version = f"{name}@{files.fingerprint(folder)}"
    served = StaticEmbedding(folder)
    return SimilarityEncoder(version, served.encode, None), folder / calibrations.FILE


def _sentence_transformers(model: str) -> tuple[SimilarityEncoder, Path]:
    """Open any other model; torch is imported here and nowhere else in a run."""
    import numpy as np

    from models.similarity.static import normalised

    folder = Path(model)
    if folder.is_dir():
        name, usual = folder.name, folder / calibrations.FILE
    elif re.fullmatch(r"[\w.-]+(/[\w.-]+)?", model):
        folder = _fetched(model)
        name, usual = model, CALIBRATIONS / f"{model.replace('/', '--')}.json"
    else:
        raise ModelError(f"{model!r} is neither a folder nor the name of a model")
    files.refuse_unsafe(folder)
    version = f"{name}@{files.fingerprint(folder)}"

    from sentence_transformers import SentenceTransformer

    transformer = SentenceTransformer(
        str(folder),
        device="cpu",
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={"use_safetensors": True},
    )
    width = int(transformer.encode([""], show_progress_bar=False).shape[1])

    def encode(texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, width), dtype=np.float32)
        rows = transformer.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        rows = np.nan_to_num(np.asarray(rows, dtype=np.float32))
        # A model may place the empty text anywhere; nothing is like it.
        rows[[not text.strip() for text in texts]] = 0.0
        return normalised(rows)

    return SimilarityEncoder(version, encode, None), usual


def _fetched(model: str) -> Path:
    """Return the folder of a model on a hub, fetched once."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, allow_patterns=_WANTED))
    except Exception as error:  # the hub has a class of its own for each way to fail
        raise ModelError(
            f"the model {model!r} is no folder here and could not be fetched ({type(error).__name__})"
        ) from error
