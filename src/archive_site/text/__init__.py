"""A text, whatever file it stands in: its records, its words, its typography, its dates."""
