"""The texts in other formats: one module a format."""
