"""What programs use: tokens, an API like OpenAI's, an API for reading, MCP, webhooks."""
