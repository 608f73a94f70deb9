"""Articles as rows, the documents they were read from, and the index by which copies of them are found."""
