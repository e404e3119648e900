"""The contents of pages, one module for each kind of page, and their rendering."""
