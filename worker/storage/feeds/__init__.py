"""Feeds as rows: their addresses, how each poll of them went, and their polling hints."""
