"""Feeds as rows: their addresses, how each poll of them went, and what they wish for."""
