"""Intake: feeds and pages are asked for, their answers stored as documents, and what follows from an answer decided.

It waits for the network and parses nothing.
"""
