"""Stories as rows: which articles are in each, how they are found, merged and split, and how people see them."""
