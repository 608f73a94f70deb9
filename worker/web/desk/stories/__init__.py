"""A story, with who told what and when; and an article, with all that became of it."""
