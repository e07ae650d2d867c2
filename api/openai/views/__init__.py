"""The addresses that such clients ask."""
