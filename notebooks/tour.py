"""A tour of a released data package for researchers.

    suar export package && marimo edit notebooks/tour.py

Reads the Parquet files of the folder that SUAR_PACKAGE names (`package` unless told) and nothing else.
"""

import marimo

app = marimo.App(width="medium", app_title="A tour of a Suar release")


@app.cell
def _():
    import json
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo

    package = Path(os.environ.get("SUAR_PACKAGE", "package"))
    described = json.loads((package / "datapackage.json").read_text("utf-8"))
    data = duckdb.connect()
    data.execute("SET TimeZone = 'UTC'")
    for _path in sorted((package / "data").glob("*.parquet")):
        data.execute(f"CREATE VIEW {_path.stem} AS FROM '{_path}'")

    def ask(sql, *values):
        """Return names and rows of a question; values are bound in order."""
        found = data.execute(sql, list(values))
        return [column[0] for column in found.description], found.fetchall()

    def shown(answer):
        """Return an answer as a table of Markdown."""
        names, rows = answer
        lines = [names, ["---"] * len(names), *rows]
        cells = (
            ["–" if cell is None else str(cell).replace("|", "/") for cell in line]
            for line in lines
        )
        return mo.md("\n".join(f"| {' | '.join(line)} |" for line in cells))

    return ask, described, mo, shown


@app.cell
def _(described, mo):
    mo.md(
        f"""
        # {described["title"]}

        Release `{described["version"]}`, {described["suar:tier"]} tier. {described["description"]}

        Three words to keep apart. An **article** is one published text. A **report** is what one article says of
        one event. An **incident** is the event, told by one or more reports. Trends count incidents.
        """
    )
    return


@app.cell
def _(ask, shown):
    sizes = ask(
        """
        SELECT 'articles' AS what, count(*) AS n FROM articles
        UNION ALL SELECT 'reports', count(*) FROM reports
        UNION ALL SELECT 'incidents', count(*) FROM incidents
        UNION ALL SELECT 'statistics', count(*) FROM statistics
        ORDER BY n DESC
        """
    )
    shown(sizes)
    return (sizes,)


@app.cell
def _(mo):
    mo.md(
        """
        ## One incident, many figures

        The incident that most reports tell of and whose ledger the tier shows. Never add these rows: a figure that names its
        successor has been replaced, one with `subset_of` is a part. What stands is the incident's `persons_best`.
        """
    )
    return


@app.cell
def _(ask, shown):
    ledger = ask(
        """
        WITH most AS (
            SELECT incident_id, persons_best FROM incidents
            WHERE (incident_id, persons_best) IN (SELECT (incident_id, best) FROM incident_counts)
            ORDER BY n_reports DESC, incident_id LIMIT 1
        )
        SELECT role, best, as_of_date, is_cumulative, subset_of IS NOT NULL AS is_part,
               superseded_by IS NOT NULL AS is_replaced, best = most.persons_best AS is_headline
        FROM incident_counts
        JOIN most USING (incident_id)
        ORDER BY is_replaced, best DESC NULLS LAST
        """
    )
    shown(ledger)
    return (ledger,)


@app.cell
def _(mo):
    mo.md(
        """
        ## Is it more, or is it more news?

        Incidents stand beside the articles screened in the same month. A month in which nothing was watched is an
        outage and is left out: a zero there is no zero in the world.
        """
    )
    return


@app.cell
def _(ask, shown):
    rate = ask(
        """
        SELECT period, CAST(sum(n_incidents) AS BIGINT) AS n_incidents,
               max(n_articles_screened) AS n_articles_screened,
               round(10000 * sum(n_incidents) / nullif(max(n_articles_screened), 0), 1) AS per_10k
        FROM trends_monthly
        WHERE NOT is_outage
        GROUP BY period
        ORDER BY period
        """
    )
    shown(rate)
    return (rate,)


@app.cell
def _(mo):
    mo.md(
        """
        Which sources stand behind that? Compare only periods in which the same ones were watched:
        `n_days` of each against the days on which any source was.
        """
    )
    return


@app.cell
def _(ask, shown):
    watched = ask(
        """
        SELECT source_id, count(*) FILTER (WHERE is_watched) AS n_days,
               (SELECT count(DISTINCT day) FROM trend_source_days WHERE is_watched) AS n_days_of_any,
               CAST(sum(n_articles_screened) AS BIGINT) AS n_articles_screened
        FROM trend_source_days
        GROUP BY source_id
        ORDER BY n_days DESC, source_id
        """
    )
    shown(watched)
    return (watched,)


@app.cell
def _(mo):
    mo.md(
        """
        ## What became of people

        Cross-sections by month and destination, no cohort: one person may be in several rows. Never add persons of
        different outcomes. `n_with_figure` says on how many incidents the persons rest.
        """
    )
    return


@app.cell
def _(ask, shown):
    outcomes = ask(
        """
        SELECT period, destination_country, outcome, n_incidents, n_with_figure, persons_best
        FROM outcomes
        ORDER BY period, destination_country NULLS LAST, outcome
        """
    )
    shown(outcomes)
    return (outcomes,)


@app.cell
def _(mo):
    mo.md(
        """
        ## What was believed then

        Every state of an incident is kept with the moments that bound it. Ask for any day and compare with today
        before you call a change of the data a change of the world.
        """
    )
    return


@app.cell
def _(ask, shown):
    believed = ask(
        """
        WITH days AS (
            SELECT DISTINCT CAST(make_timestamp(epoch_us(recorded_at)) AS DATE) AS day FROM incident_versions
        )
        SELECT days.day, count(*) AS n_incidents, CAST(sum(n_reports) AS BIGINT) AS n_reports
        FROM days
        JOIN incident_versions AS held
          ON CAST(make_timestamp(epoch_us(held.recorded_at)) AS DATE) <= days.day
         AND (held.superseded_at IS NULL
              OR CAST(make_timestamp(epoch_us(held.superseded_at)) AS DATE) > days.day)
        WHERE held.merged_into IS NULL AND held.status <> 'merged_into'
        GROUP BY days.day
        ORDER BY days.day
        """
    )
    shown(believed)
    return (believed,)


@app.cell
def _(described, mo):
    mo.md(
        f"""
        ## Before you publish a number

        Name the release (`{described["version"]}`) and the tier, the period, whether incidents or persons are
        counted, how many articles were screened and which days were outages, and how many incidents have no figure.
        `codebook.md` in the package says what may be added. And never call it the number of victims: it is what
        the watched outlets told of.
        """
    )
    return


if __name__ == "__main__":
    app.run()
