"""SQL assertions that a release must pass: each returns the rows that are wrong."""
