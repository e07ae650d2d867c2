"""The pages on which people look after access tokens."""
