"""Where it rests: the private store, published releases, queries and exports.

    records -> store -> marts -> releases -> queries, exports

DuckDB is opened in this package alone; `README.md` shows the schemas and the first three queries.
"""
