"""What an answer shows of the check of its citations."""
