"""What is watched: every feed with how it fares, and what its owner may wish of it."""
