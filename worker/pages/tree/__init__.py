"""A page's bytes as a tree: decoded, parsed within bounds, and cut into blocks of text in reading order."""
