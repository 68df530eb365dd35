"""The views that analysts see, one numbered SQL file each, in the order in which they build on each other."""
