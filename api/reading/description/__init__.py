"""The description of what programs read, as OpenAPI 3.1. Tests hold every answer against it."""
