"""The key to Perplexity that an operator saves in the interface: kept encrypted, tried, in force in every process."""
