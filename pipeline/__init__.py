"""Pure functions from record to record; nothing in this package does IO or reads the clock.

    page -> article -> relevance -> mentions -> claims -> reports -> incidents
                                                      `-> statistics

Read ``records`` first (the vocabulary), then ``protocols`` (what the stages ask of a model), then the
stages in the order above. Bundled tables (gazetteer, authority file, lexicon) are constants: they are
read once from the package and never written.
"""
