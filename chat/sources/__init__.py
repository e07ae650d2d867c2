"""What vouches for an answer: kept copies of what it cites, checks, the ledger of sources, people who verified it."""
