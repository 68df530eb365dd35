"""The files of a model folder and the proof that they are the ones that were trained.

``manifest.json`` lists the SHA-256 of every file beside it. Nothing is read from a folder before its files
agree with the list; a folder holds safetensors and JSON alone, never a pickle.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"
# What a model folder may hold. Formats that can carry code when they are opened are not among them.
SAFE_SUFFIXES = frozenset({".safetensors", ".json", ".txt", ".md", ".model"})
_CHUNK = 1 << 20


class ModelError(RuntimeError):
    """A model that must not be used; the message says why and what to do next."""


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def listed(folder: Path) -> list[Path]:
    """Return the files of a folder in order of name, without the manifest and hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path != folder / MANIFEST
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def write_manifest(folder: Path, name: str) -> None:
    """Write ``manifest.json``: the model's name and the SHA-256 of every file beside it."""
    hashes = {path.relative_to(folder).as_posix(): sha256(path) for path in listed(folder)}
    document = {"name": name, "sha256": hashes}
    (folder / MANIFEST).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def verify(folder: Path) -> str:
    """Return the name in the manifest once every file agrees with it; raise ``ModelError`` otherwise."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise ModelError(
            f"{folder} has no {MANIFEST}: train the model anew, or give another folder"
        )
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
        name, hashes = str(document["name"]), dict(document["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{manifest} cannot be read: {error}") from error
    present = {path.relative_to(folder).as_posix(): path for path in listed(folder)}
    for extra in sorted(present.keys() - hashes.keys()):
        raise ModelError(f"{folder / extra} is not listed in {MANIFEST}: remove it")
    for listed_name, expected in sorted(hashes.items()):
        path = present.get(listed_name)
        if path is None:
            raise ModelError(f"{folder / listed_name} is missing: restore the model folder")
        if sha256(path) != expected:
            raise ModelError(
                f"{path} is not the file that was trained (its SHA-256 differs from {MANIFEST}): "
                "restore the model folder"
            )
    return name


def fingerprint(folder: Path) -> str:
    """Return 12 hexadecimal digits that stand for what the model computes: weights, tokenizer, layout.

    Calibration, manifest and prose are left out: they may change while the vectors stay.
    """
    digest = hashlib.sha256()
    for path in listed(folder):
        if path.suffix in {".md"} or path.name == "calibration.json":
            continue
        digest.update(f"{path.relative_to(folder).as_posix()}\0{sha256(path)}\n".encode())
    return digest.hexdigest()[:12]


def refuse_unsafe(folder: Path) -> None:
    """Raise ``ModelError`` when a folder holds weights that can run code, or asks for code of its own."""
    files = listed(folder)
    if not any(path.suffix == ".safetensors" for path in files):
        raise ModelError(f"{folder} holds no .safetensors weights; other formats are not opened")
    modules = folder / "modules.json"
    if modules.is_file():
        for module in json.loads(modules.read_text(encoding="utf-8")):
            if not str(module.get("type", "")).startswith("sentence_transformers."):
                raise ModelError(
                    f"{modules} asks for code of its own ({module.get('type')}): refused"
                )
