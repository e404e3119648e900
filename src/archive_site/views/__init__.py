"""What is shown of a text or an entry, on pages and in other formats alike."""
