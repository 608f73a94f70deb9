"""Today: the stories on all topics, the one that developed last first."""
