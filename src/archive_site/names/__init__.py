"""Names and days in the texts, and what the texts say of them."""
