"""The rows Storywatch keeps. Only `worker.storage` imports this package."""

from models.alarm import Alarm
from models.article import Article, Beginning, SamplePage, Sighting
from models.backfill import Backfill, BackfillPage
from models.base import Base
from models.digest import Delivery, Digest, DigestPage, DigestStory, PassedOver, ToldArticle
from models.document import Document
from models.feed import Feed, FeedClaim, FeedPoll, FormerAddress
from models.feed_search import FeedSearch
from models.forgetting import ForgottenPerson, UsedLink
from models.hub import HubSubscription
from models.installation import Installation
from models.mail_host import MailHost
from models.person import DeskSession, LoginLink, Person
from models.retention import DatabaseSize, GoneArticle
from models.revision import Recheck, Revision
from models.site import Site, SiteLine, SiteReading, SiteVerdict
from models.story import Story, StoryEvent, StoryKey
from models.subscriber import Subscriber, Subscription
from models.tick import Tick
from models.topic import Retag, Topic, TopicLabel, TopicMatch

__all__ = [
    "Alarm",
    "Article",
    "Backfill",
    "BackfillPage",
    "Base",
    "Beginning",
    "DatabaseSize",
    "Delivery",
    "DeskSession",
    "Digest",
    "DigestPage",
    "DigestStory",
    "Document",
    "Feed",
    "FeedClaim",
    "FeedPoll",
    "FeedSearch",
    "ForgottenPerson",
    "FormerAddress",
    "GoneArticle",
    "HubSubscription",
    "Installation",
    "LoginLink",
    "MailHost",
    "PassedOver",
    "Person",
    "Recheck",
    "Retag",
    "Revision",
    "SamplePage",
    "Sighting",
    "Site",
    "SiteLine",
    "SiteReading",
    "SiteVerdict",
    "Story",
    "StoryEvent",
    "StoryKey",
    "Subscriber",
    "Subscription",
    "Tick",
    "ToldArticle",
    "Topic",
    "TopicLabel",
    "TopicMatch",
    "UsedLink",
]
