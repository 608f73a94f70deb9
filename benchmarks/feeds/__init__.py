"""Feeds: how well documents are read, what polling them costs, and how they fare in the running service."""
