"""The offline stand-ins for the services that Parley asks: the same HTTP interfaces, faults included.

Each service has a folder, with its `table.py` of what is taken and refused, its `routes.py`, and what it answers with.
They are a second reading of the services' contracts and import nothing of the product.
"""
