"""How the analyst tables become the public ones: privacy rules as plain SQL, one file a table."""
