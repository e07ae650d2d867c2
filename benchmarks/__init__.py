"""Measures Parley against its upstream read directly: `python -m benchmarks`, which `make bench` runs."""
