-- The spine: everything the pipeline derives, as rows that are never overwritten.
--
-- raw   what the crawl brought and what was done with it
-- core  one table per record of pipeline/records.py; nested records have a table of their own
-- marts the views that analysts read; they are written after the migrations, from warehouse/marts/
--
-- Two clocks run through `core`. What a text says of the world is in the record's own columns (event
-- dates, as-of dates). When we knew it is in four columns that close every table:
--   recorded_at    the moment this row became what we hold true (UTC)
--   superseded_at  the moment a later reading replaced it; null while the row is current
--   run_id         the run that wrote it
--   row_hash       SHA-256 of the content, so that the same content is never written twice
--
-- There are no primary keys or indexes on purpose: an index in the write-ahead log is the one thing that
-- has kept DuckDB files from opening after a crash. `warehouse.store` keeps keys unique by anti-join on
-- row_hash, and checks/one_current_row.sql proves it before each release.

CREATE SCHEMA raw;
CREATE SCHEMA core;
CREATE SCHEMA marts;

-- One row per transaction that changed something.
CREATE TABLE raw.batches (
    batch_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    n_opened BIGINT NOT NULL,
    n_closed BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);

CREATE TABLE raw.pages (
    page_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    status INTEGER NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    content_type VARCHAR NOT NULL,
    body_sha256 VARCHAR NOT NULL,
    part_of VARCHAR,
    part_no INTEGER NOT NULL,
    warc_file VARCHAR,
    warc_offset BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

-- run_id is part of the record: each run asks each address anew.
CREATE TABLE raw.fetches (
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    status INTEGER,
    detail VARCHAR NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    n_listed BIGINT NOT NULL,
    page_id VARCHAR,
    warc_file VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    row_hash VARCHAR NOT NULL
);

-- What a server gave to ask later whether an address has changed; the latest answer counts.
CREATE TABLE raw.validators (
    url VARCHAR NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

-- Inputs that were read to the end, by the version of the code that read them.
CREATE TABLE raw.processed (
    input_key VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.runs (
    run_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    state VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.rejections (
    record_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.articles (
    article_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    country VARCHAR,
    language VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    author VARCHAR,
    published_at TIMESTAMP,
    published_date DATE,
    published_raw VARCHAR,
    published_basis VARCHAR NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    page_sha256 VARCHAR NOT NULL,
    n_parts INTEGER NOT NULL,
    dateline VARCHAR,
    copy_group_id VARCHAR,
    is_primary BOOLEAN NOT NULL,
    duplicate_of VARCHAR,
    extractor_version VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.relevance (
    article_id VARCHAR NOT NULL,
    grade INTEGER NOT NULL,
    score DOUBLE NOT NULL,
    threshold DOUBLE NOT NULL,
    relevant BOOLEAN NOT NULL,
    band VARCHAR NOT NULL,
    doc_type VARCHAR NOT NULL,
    cues VARCHAR[] NOT NULL,
    model_version VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.mentions (
    article_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    canonical_id VARCHAR,
    canonical_name VARCHAR,
    country VARCHAR,
    admin1 VARCHAR,
    lat DOUBLE,
    lon DOUBLE,
    geo_precision VARCHAR,
    role VARCHAR,
    score DOUBLE NOT NULL,
    extractor VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

-- One row per claim and report; a figure that two reports of a text share stands once for each. Figures
-- that no report took up have neither report_id nor ordinal.
CREATE TABLE core.claims (
    report_id VARCHAR,
    ordinal INTEGER,
    claim_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    low BIGINT,
    best BIGINT,
    high BIGINT,
    relation VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    nationality VARCHAR,
    sex VARCHAR,
    age_band VARCHAR,
    place_id VARCHAR,
    as_of_date DATE,
    is_cumulative BOOLEAN NOT NULL,
    cumulative_since DATE,
    subset_of VARCHAR,
    basis VARCHAR NOT NULL,
    speaker_agency_id VARCHAR,
    is_headline BOOLEAN NOT NULL,
    is_planned BOOLEAN NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.statistics (
    stat_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    unit VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    period_start DATE,
    period_end DATE,
    as_of DATE,
    area_country VARCHAR,
    population VARCHAR,
    is_cumulative BOOLEAN NOT NULL,
    disaggregation_of VARCHAR,
    source_agency VARCHAR,
    definition_note VARCHAR,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    extractor_version VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.reports (
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    event_type VARCHAR NOT NULL,
    sub_event VARCHAR,
    salience VARCHAR NOT NULL,
    is_planned BOOLEAN NOT NULL,
    date_start DATE,
    date_end DATE,
    date_precision VARCHAR NOT NULL,
    date_basis VARCHAR NOT NULL,
    event_country VARCHAR,
    destination_country VARCHAR,
    place_id VARCHAR,
    place_name VARCHAR,
    admin1 VARCHAR,
    lat DOUBLE,
    lon DOUBLE,
    geo_precision VARCHAR NOT NULL,
    scam_types VARCHAR[] NOT NULL,
    nationalities VARCHAR[] NOT NULL,
    legal_stage VARCHAR NOT NULL,
    headline_role VARCHAR,
    count_low BIGINT,
    count_best BIGINT,
    count_high BIGINT,
    is_cumulative BOOLEAN NOT NULL,
    keys VARCHAR[] NOT NULL,
    summary VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    source_id VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    copy_group_id VARCHAR,
    published_at TIMESTAMP,
    published_date DATE,
    extractor_version VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.report_evidence (
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.report_places (
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    place_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    country VARCHAR,
    admin1 VARCHAR,
    lat DOUBLE,
    lon DOUBLE,
    geo_precision VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.report_agencies (
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    agency_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.route_legs (
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    leg_no INTEGER NOT NULL,
    from_place_id VARCHAR,
    from_name VARCHAR NOT NULL,
    to_place_id VARCHAR,
    to_name VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.sightings (
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.incidents (
    incident_id VARCHAR NOT NULL,
    parent_id VARCHAR,
    case_id VARCHAR,
    merged_into VARCHAR,
    event_type VARCHAR NOT NULL,
    sub_event VARCHAR,
    status VARCHAR NOT NULL,
    tier VARCHAR NOT NULL,
    date_start DATE,
    date_end DATE,
    date_precision VARCHAR NOT NULL,
    date_basis VARCHAR NOT NULL,
    event_country VARCHAR,
    destination_country VARCHAR,
    place_id VARCHAR,
    place_name VARCHAR,
    admin1 VARCHAR,
    lat DOUBLE,
    lon DOUBLE,
    geo_precision VARCHAR NOT NULL,
    scam_types VARCHAR[] NOT NULL,
    nationalities VARCHAR[] NOT NULL,
    headline_role VARCHAR,
    persons_low BIGINT,
    persons_best BIGINT,
    persons_high BIGINT,
    report_ids VARCHAR[] NOT NULL,
    article_ids VARCHAR[] NOT NULL,
    n_reports INTEGER NOT NULL,
    n_sources INTEGER NOT NULL,
    confidence DOUBLE NOT NULL,
    first_reported_at TIMESTAMP,
    last_updated_at TIMESTAMP,
    linked_by VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.incident_counts (
    ordinal INTEGER NOT NULL,
    count_id VARCHAR NOT NULL,
    incident_id VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    low BIGINT,
    best BIGINT,
    high BIGINT,
    relation VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    nationality VARCHAR,
    sex VARCHAR,
    age_band VARCHAR,
    as_of_date DATE,
    is_cumulative BOOLEAN NOT NULL,
    cumulative_since DATE,
    subset_of VARCHAR,
    superseded_by VARCHAR,
    basis VARCHAR NOT NULL,
    report_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.incident_places (
    incident_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    place_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    country VARCHAR,
    admin1 VARCHAR,
    n_reports INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.incident_agencies (
    incident_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    agency_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    n_reports INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.links (
    report_id VARCHAR NOT NULL,
    incident_id VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    linked_by VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

-- What became of an incident from one linking to the next.
CREATE TABLE core.changes (
    change_id VARCHAR NOT NULL,
    incident_id VARCHAR NOT NULL,
    change VARCHAR NOT NULL,
    fields VARCHAR[] NOT NULL,
    reason VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.reviews (
    review_id VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    field VARCHAR,
    value VARCHAR,
    reviewer VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    reviewed_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);

CREATE TABLE core.releases (
    release_id VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    run_id VARCHAR NOT NULL,
    row_hash VARCHAR NOT NULL
);
