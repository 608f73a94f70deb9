"""Replay: an archive of articles, in JSON lines, run through the real path in one process, or through one topic."""
