"""The words of the texts, and the index that a browser searches."""
