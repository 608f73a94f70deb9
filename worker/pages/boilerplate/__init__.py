"""A page's boilerplate: the lines that are not the article, by rule, by repetition, by what is known of the site."""
