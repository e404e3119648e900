"""A corpus: its files as records, the rules for them, and the addresses of the site."""
