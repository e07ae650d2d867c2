"""How Parley is watched: figures for programs at /metrics, and a page for operators in the administration."""
