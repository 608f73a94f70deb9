"""Analysis: documents are read, articles placed among copies, stories and topics, and looked at again later.

A file a step, beside what steps share; it computes and asks nobody outside.
"""
