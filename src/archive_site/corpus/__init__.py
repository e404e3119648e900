"""A corpus: its files as records, the rules that they must obey, its addresses."""
