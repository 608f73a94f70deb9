"""The database itself: its connection and schema, and what every kind of row needs: claims, ids, hashes, ticks."""
