"""The mails a page asks for: they go out through the same outbox as the digests."""

from __future__ import annotations

import secrets

from worker.delivery.composing import manage_link
from worker.digests import Letter, message_id, write_letter
from worker.setup.deps import Deps
from worker.storage.digests import outbox
from worker.storage.digests.outbox import NewDelivery
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.web.speech import speak


def send_confirmation(deps: Deps, address: str, language: str, asked: str, link: str) -> None:
    """Ask by mail whether it was the owner of the address who wants what `asked` says."""
    say = speak(language)
    letter = Letter(
        language=language,
        subject=say.gettext("Confirm your Storywatch digest"),
        before=(
            say.gettext("Somebody, probably you, asked for a digest to be sent to this address:"),
            asked,
        ),
        button=say.gettext("Yes, send it to me"),
        link=link,
        postal_address=deps.settings.mail.postal_address,
        after=(
            say.gettext("The link works for two days."),
            say.gettext("If it was not you, do nothing: no digest will be sent."),
        ),
    )
    _send(deps, "confirmation", letter, address)


def send_manage_link(deps: Deps, subscription: SubscriptionRecord) -> None:
    """Send subscribers a new link to their own page."""
    language = subscription.subscriber.language
    say = speak(language)
    letter = Letter(
        language=language,
        subject=say.gettext("Your Storywatch settings"),
        before=(
            say.gettext("This address is subscribed. Here is a link to its topics, schedule and all other settings."),
        ),
        button=say.gettext("Open my settings"),
        link=manage_link(deps, subscription.id),
        postal_address=deps.settings.mail.postal_address,
        after=(
            say.gettext("The link works for 30 days. It is yours alone: do not pass it on."),
            say.gettext("If you did not ask for it, do nothing: nothing has changed."),
        ),
    )
    _send(deps, "manage", letter, subscription.subscriber.address)


def send_login_link(deps: Deps, address: str, language: str, link: str) -> int:
    """Send a person of the desk the link that logs them in; return the delivery's id."""
    say = speak(language)
    letter = Letter(
        language=language,
        subject=say.gettext("Your way into Storywatch"),
        before=(say.gettext("Here is the link that logs you in to the desk."),),
        button=say.gettext("Log in"),
        link=link,
        postal_address=deps.settings.mail.postal_address,
        after=(
            say.gettext("It works once, within an hour. It is yours alone: do not pass it on."),
            say.gettext("If you did not ask for it, do nothing: nothing has changed."),
        ),
    )
    return _send(deps, "login", letter, address)


def _send(deps: Deps, kind: str, letter: Letter, address: str) -> int:
    mail, channel, now = deps.settings.mail, deps.channels.mail, deps.now()
    known_as = message_id(secrets.token_hex(16), mail.sender_domain)
    message = write_letter(letter, sender=mail.named_sender, recipient=address, message_id=known_as, at=now)
    delivery = NewDelivery(channel.name, mail.sender, address, known_as, channel.freeze(message))
    with deps.transaction() as session:
        return outbox.save_notice(session, kind, delivery, now=now)
