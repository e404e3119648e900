"""Makes PDFs of French texts in many layouts, each with the truth of what it prints."""
