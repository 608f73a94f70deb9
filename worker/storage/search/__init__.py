"""The archive searched by its words: SQLite's FTS5 or PostgreSQL's tsvector behind one door, `archive_search`.

The index is kept by triggers (migration 0035): whatever stores, changes or deletes an article does so in the index too,
in the same transaction and without a statement of its own.
"""
