"""The query language: scanned, parsed into a tree of terms, and checked for what can hardly be meant."""
