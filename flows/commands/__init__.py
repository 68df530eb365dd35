"""The commands, in three files: work (runs), ask (releases), care (sources, scores, health)."""
