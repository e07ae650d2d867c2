"""How Django writes days and times on its own pages, where it would differ from `core/web/formats.py` beside them."""
