"""The API that OpenAI's and Perplexity's clients speak: questions, models, images. docs/api.md describes it."""
