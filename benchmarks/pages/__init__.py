"""Pages: how well and how fast articles are extracted, and what each rule and threshold is worth."""
