"""The outside world: HTTP within bounds, address guard, robots.txt, host limits, mail."""

from worker.net.address_guard import AddressGuard
from worker.net.arrival import HttpLimits
from worker.net.attempt_limit import AttemptLimit
from worker.net.bounces import Bounce, blames_sender, bounce_of
from worker.net.dkim_signature import DkimKey
from worker.net.host_limits import Busy, HostGate, HostLimits, Lease, NoHostLimits, Visit
from worker.net.http import ACCEPT_FEED, ACCEPT_PAGE, HttpFetcher
from worker.net.link_header import HeaderLink
from worker.net.mail import Mailer, SendOutcome, SendResult, SendStage
from worker.net.outbox_folder import OutboxFolderMailer
from worker.net.resource import FetchedResource, Fetcher, NotModified, Validators
from worker.net.robots import Manners, MemoryCache, Permission, RedisCache, Robots
from worker.net.shown_address import shown
from worker.net.smtp import SmtpMailer, try_login
from worker.net.smtp_conversation import SmtpConfig, SmtpSecurity
from worker.net.webhook import Poster, WebhookMailer, WebhookTarget

__all__ = [
    "ACCEPT_FEED",
    "ACCEPT_PAGE",
    "AddressGuard",
    "AttemptLimit",
    "Bounce",
    "Busy",
    "DkimKey",
    "FetchedResource",
    "Fetcher",
    "HeaderLink",
    "HostGate",
    "HostLimits",
    "HttpFetcher",
    "HttpLimits",
    "Lease",
    "Mailer",
    "Manners",
    "MemoryCache",
    "NoHostLimits",
    "NotModified",
    "OutboxFolderMailer",
    "Permission",
    "Poster",
    "RedisCache",
    "Robots",
    "SendOutcome",
    "SendResult",
    "SendStage",
    "SmtpConfig",
    "SmtpMailer",
    "SmtpSecurity",
    "Validators",
    "Visit",
    "WebhookMailer",
    "WebhookTarget",
    "blames_sender",
    "bounce_of",
    "shown",
    "try_login",
]
