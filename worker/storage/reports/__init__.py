"""What people ask of the whole database: the counts, and the way of one article."""
