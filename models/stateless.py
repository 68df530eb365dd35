"""What spaCy asks of a tokeniser when a pipeline is written or opened, for one whose rules are code."""

from __future__ import annotations

from typing import Any, Self


class Stateless:
    """A part of a pipeline that has nothing to write."""

    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> Self:
        """Return itself."""
        return self

    def to_disk(self, _: Any, **__: Any) -> None:
        """Write nothing."""

    def from_disk(self, _: Any, **__: Any) -> Self:
        """Return itself."""
        return self
