"""Digests as rows: who subscribes, what each has not been told, and the outbox their messages wait in."""
