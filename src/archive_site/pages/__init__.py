"""What each page shows, one module a kind of page; and Jinja: page → bytes."""
