"""How each service writes its conversations. docs/import.md has the facts about their files."""
