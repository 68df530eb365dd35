-- The words that records rest on, each inside the line of the text that holds it. A release narrows the
-- line to the sentence and masks what looks like a person's name or number by characters of the same
-- number, so that offsets keep their meaning.
CREATE OR REPLACE VIEW marts.evidence_of_all AS
WITH spans AS (
    SELECT 'report' AS kind, report_id AS record_id, article_id, "start", "end"
    FROM core.report_evidence
    WHERE superseded_at IS NULL
    UNION ALL
    SELECT 'count', count_id, article_id, "start", "end"
    FROM marts.incident_counts
    UNION ALL
    SELECT 'statistic', stat_id, article_id, "start", "end"
    FROM marts.statistics
),
around AS (
    SELECT
        spans.*,
        texts.text,
        -- How much of the line lies before the span, and how much after it.
        length(regexp_extract(substring(texts.text, 1, spans."start"), '[^\n]*$')) AS before,
        length(regexp_extract(substring(texts.text, spans."end" + 1), '^[^\n]*')) AS after
    FROM spans
    JOIN core.articles AS texts
      ON texts.article_id = spans.article_id AND texts.superseded_at IS NULL
)
SELECT DISTINCT
    kind,
    record_id,
    article_id,
    "start",
    "end",
    substring(text, "start" + 1, "end" - "start") AS surface,
    substring(text, "start" - before + 1, before + "end" - "start" + after) AS sentence,
    CAST("start" - before AS INTEGER) AS sentence_start
FROM around;

-- What each report rests on.
CREATE OR REPLACE VIEW marts.evidence AS
WITH linked AS (
    SELECT report_id, incident_id FROM core.links WHERE superseded_at IS NULL
)
SELECT
    proof.record_id AS report_id,
    linked.incident_id,
    proof.article_id,
    proof."start",
    proof."end",
    proof.surface,
    proof.sentence,
    proof.sentence_start
FROM marts.evidence_of_all AS proof
LEFT JOIN linked ON linked.report_id = proof.record_id
WHERE proof.kind = 'report';

-- What each figure of an incident (`kind` count) and each statistic rests on.
CREATE OR REPLACE VIEW marts.figure_evidence AS
SELECT kind, record_id, article_id, "start", "end", surface, sentence, sentence_start
FROM marts.evidence_of_all
WHERE kind <> 'report';
