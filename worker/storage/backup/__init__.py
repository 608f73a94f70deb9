"""Copies of the whole database: written while the service works, and put back in its place."""
