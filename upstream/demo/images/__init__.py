"""The stand-in for an image service that draws as OpenAI's does."""
