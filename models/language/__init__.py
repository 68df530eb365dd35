"""How well ``pipeline.language`` tells languages apart; there is no model to train. ``CARD.md`` has the figures."""
