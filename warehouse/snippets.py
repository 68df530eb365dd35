"""First analyses of a package, in pandas, polars, ibis and R, as its README prints them. Pure.

Each says how often incidents were told of per 10,000 articles read, month by month, with outages left out:
the first thing to look at, and the one that is most easily done wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

_ABOUT = (
    "Incidents per 10,000 articles screened, month by month. The denominator is that of the whole month and the"
    " same in each of its rows, so it is taken once and not added; outages are left out, since a zero there is"
    " no zero in the world."
)
_PANDAS = """\
import pandas as pd

months = {pandas}
watched = months[~months["is_outage"].astype(bool)]
rate = watched.groupby("period").agg(
    n_incidents=("n_incidents", "sum"), n_articles_screened=("n_articles_screened", "max")
)
rate["per_10k"] = 10_000 * rate["n_incidents"] / rate["n_articles_screened"]"""
_POLARS = """\
import polars as pl

months = {polars}
rate = (
    months.filter(~pl.col("is_outage"))
    .group_by("period")
    .agg(pl.sum("n_incidents"), pl.max("n_articles_screened"))
    .with_columns(per_10k=10_000 * pl.col("n_incidents") / pl.col("n_articles_screened"))
    .sort("period")
)"""
_IBIS = """\
import ibis

months = ibis.duckdb.connect().{ibis}
rate = (
    months.filter(~months.is_outage)
    .group_by("period")
    .agg(n_incidents=lambda t: t.n_incidents.sum(), n_articles_screened=lambda t: t.n_articles_screened.max())
    .mutate(per_10k=lambda t: 10_000 * t.n_incidents / t.n_articles_screened)
    .order_by("period")
    .to_pandas()
)"""
_R = """\
library(dplyr)

months <- {r}
rate <- months |>
  filter(!is_outage) |>
  group_by(period) |>
  summarise(n_incidents = sum(n_incidents), n_articles_screened = max(n_articles_screened)) |>
  mutate(per_10k = 10000 * n_incidents / n_articles_screened)"""
_READERS: Mapping[str, Mapping[str, str]] = {
    "parquet": {
        "pandas": 'pd.read_parquet("{name}")',
        "polars": 'pl.read_parquet("{name}")',
        "ibis": 'read_parquet("{name}")',
        "r": 'arrow::read_parquet("{name}")',
    },
    "csv": {
        "pandas": 'pd.read_csv("{name}", parse_dates=["period"])',
        "polars": 'pl.read_csv("{name}", try_parse_dates=True, infer_schema_length=None)',
        "ibis": 'read_csv("{name}")',
        "r": 'readr::read_csv("{name}", guess_max = Inf)',
    },
    "jsonl": {
        "pandas": 'pd.read_json("{name}", lines=True, convert_dates=["period"])',
        "polars": 'pl.read_ndjson("{name}", infer_schema_length=None)',
        "ibis": 'read_json("{name}")',
        "r": 'jsonlite::stream_in(file("{name}"))',
    },
}


def render(file_format: str) -> str:
    """Return the analyses of the monthly trends in this format, as Markdown."""
    readers = {
        tool: reader.format(name=f"data/trends_monthly.{file_format}")
        for tool, reader in _READERS[file_format].items()
    }
    parts = [_ABOUT]
    for language, template in (
        ("python", _PANDAS),
        ("python", _POLARS),
        ("python", _IBIS),
        ("r", _R),
    ):
        parts.append(f"```{language}\n{template.format(**readers)}\n```")
    return "\n\n".join(parts)
