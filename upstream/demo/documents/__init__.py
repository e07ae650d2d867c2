"""The texts that the demo answers from: collected, searched, quoted word for word."""
