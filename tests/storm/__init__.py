"""A storm: people use Parley while everything under it breaks, and at the end everything is counted.

`python -m tests.storm` runs it (`make storm`). `people` ask, stop, watch, upload, draw, review and sign in behind
nginx; `faults` kills, stops, locks, fills and cuts; `audit` counts what is left.
"""
