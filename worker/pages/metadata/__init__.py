"""A page's metadata: title, authors, dates and language, from what it declares and what stands on it."""
