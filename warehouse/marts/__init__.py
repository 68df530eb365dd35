"""The views that analysts see, one file each, and `dictionary.yml`, which explains every column."""
