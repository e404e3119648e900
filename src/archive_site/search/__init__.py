"""The index of all words that the browser searches."""
