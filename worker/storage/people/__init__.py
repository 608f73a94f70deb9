"""People who may open the desk, and how they are let in."""
