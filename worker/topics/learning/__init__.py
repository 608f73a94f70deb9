"""What teaches a topic: labelled articles, weights fitted to them, and how well those do on articles held back."""
