"""Review of generated images in the administration: the queue, many at once, what was decided, and figures."""
