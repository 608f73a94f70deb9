"""What people ask of the archive, in the query language of topics with dates and topics besides. Pure."""

from worker.topics.search.article_reading import ArticleReader, Piece, Sighting
from worker.topics.search.ranking import Candidate, rank
from worker.topics.search.wanted import Wanted, narrowed, read_wanted

__all__ = ["ArticleReader", "Candidate", "Piece", "Sighting", "Wanted", "narrowed", "rank", "read_wanted"]
