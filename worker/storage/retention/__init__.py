"""What goes for its age: each kind in small batches, an article with all that depends on it, leaving its key."""
