"""Deduplication at scale: synthetic archives, and what finding copies among them costs."""
