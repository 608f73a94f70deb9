"""Hostile inputs for everything that reads what others wrote, made by lot and read within limits."""
