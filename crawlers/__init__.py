"""Where pages come from: sources, spiders, archive."""
