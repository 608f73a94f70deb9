"""A page's main text: which blocks are the article, how it opens, and whether it is one at all."""
