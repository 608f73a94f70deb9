"""How well the built-in topic tells articles apart: `python -m benchmarks.topics`."""
