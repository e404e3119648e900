"""A text, independent of any file format: its records, words, typography and dates."""
