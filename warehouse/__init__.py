"""Where it rests: the private store, published releases, queries and exports."""
