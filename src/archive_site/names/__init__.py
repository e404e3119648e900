"""Names and days in the texts, and the sentences that contain them."""
