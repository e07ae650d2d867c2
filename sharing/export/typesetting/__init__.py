"""Setting pages: a Typst program, and the process of its own in which it runs. Knows no Django and imports nothing of
Parley, so that the process begins at once."""
