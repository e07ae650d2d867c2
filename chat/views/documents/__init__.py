"""The documents of a space: their list, each of them, and what is done to them."""
