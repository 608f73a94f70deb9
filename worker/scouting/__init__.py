"""From what a person means by an address to what can be watched there: fetched here, read by an expendable process."""
