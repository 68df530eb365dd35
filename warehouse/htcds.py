"""Codes of a release in IOM's Human Trafficking Case Data Standard. Pure.

htcds.yml -> htcds.csv, a section of the codebook

https://github.com/UNMigration/HTCDS names the fields and values. A value that the standard does not have,
forced criminality first of all, is its ``Other`` with an extension of ours beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

COLUMNS = ("kind", "code", "htcds_field", "htcds_code", "extension")


class _Extended(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    extension: str


class _Kind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    codes: Mapping[str, str | _Extended]


class Row(NamedTuple):
    """One of our codes and what stands for it in the standard; ``extension`` is empty or ours."""

    kind: str
    code: str
    htcds_field: str
    htcds_code: str
    extension: str


@cache
def rows() -> tuple[Row, ...]:
    """Return every code that has a counterpart."""
    raw = yaml.safe_load(resources.files("warehouse").joinpath("htcds.yml").read_text("utf-8"))
    kinds = {name: _Kind.model_validate(entry) for name, entry in raw.items()}
    return tuple(
        Row(name, code, kind.field, value, "")
        if isinstance(value, str)
        else Row(name, code, kind.field, value.code, value.extension)
        for name, kind in kinds.items()
        for code, value in kind.codes.items()
    )


def render() -> str:
    """Return the content of ``htcds.csv``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return out.getvalue()
