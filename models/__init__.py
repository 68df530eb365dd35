"""Learned judgement, one folder each; satisfies ``pipeline.protocols``."""
