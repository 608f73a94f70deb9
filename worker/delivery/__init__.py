"""Delivery: digests are planned, composed and sent, each by a channel of its own."""
