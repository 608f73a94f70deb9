"""The values of a digest under the name they first stood at; `digest` and `links` hold them."""

from worker.digests.digest import (
    Digest,
    DigestArticle,
    DigestStory,
    DigestSubscriber,
    Period,
    SourceTrouble,
    TopicSection,
)
from worker.digests.links import DigestLinks

__all__ = [
    "Digest",
    "DigestArticle",
    "DigestLinks",
    "DigestStory",
    "DigestSubscriber",
    "Period",
    "SourceTrouble",
    "TopicSection",
]
