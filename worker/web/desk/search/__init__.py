"""The archive by its words."""
