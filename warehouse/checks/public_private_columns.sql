-- stop: the public tier has a column that holds words of articles or names of their authors
SELECT table_name || '.' || column_name AS found
FROM duckdb_columns()
WHERE database_name = 'public'
  AND (
    column_name IN ('text', 'author', 'sentence', 'summary', 'dateline', 'definition_note', 'keys', 'reviewer')
    OR (column_name = 'surface' AND table_name <> 'mentions')
    OR (column_name = 'evidence' AND data_type LIKE '%VARCHAR%')
  )
ORDER BY found;
