"""Access tokens: making, finding, revoking them, and the pages for that."""
