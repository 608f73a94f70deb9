"""Storywatch: a self-hosted news monitor. The way of one article is told in `worker.pipeline`."""

__version__ = "0.1.0"
