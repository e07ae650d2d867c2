"""Links by which people outside read a conversation or an answer."""
