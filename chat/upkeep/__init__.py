"""What is done by the clock: tidying up, the search index after an update, models that services withdrew."""
