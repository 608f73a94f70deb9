"""Webhooks: who they are, their two forms, and the files of their addresses and secrets."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.unit.channels.conftest import LINKS, digest_for, tables
from worker.channels import ChannelContext
from worker.channels.webhook import Webhook
from worker.errors import ConfigurationError
from worker.net import SendOutcome, SendResult, SendStage

URL = "https://desk.example/hook"


def opened(context: ChannelContext, *webhooks: dict[str, object]) -> Webhook:
    return Webhook.open(tables(webhooks=webhooks), context)


def body(frozen: bytes) -> dict[str, object]:
    return json.loads(frozen.partition(b"\r\n\r\n")[2])


def test_it_is_known_by_its_name_and_told_from_the_moment_it_is_declared(context: ChannelContext) -> None:
    hooks = opened(context, {"name": "desk", "url": URL})
    (reader,) = hooks.readers()
    assert (reader.address, reader.name, reader.whose) == ("webhook:desk", "desk", "webhook desk")
    assert reader.look_back == timedelta()
    assert reader.reading.schedule == "instant"
    assert hooks.by_file_alone
    assert not hooks.is_personal
    assert hooks.destination(b"", "webhook:desk") == "webhook:desk"


def test_each_gets_its_own_form_and_one_that_is_not_declared_the_common_one(context: ChannelContext) -> None:
    hooks = opened(context, {"name": "desk", "url": URL}, {"name": "chat", "url": URL, "form": "slack"})
    told = {name: hooks.payload(digest_for(f"webhook:{name}"), LINKS, {}).message for name in ("desk", "chat", "gone")}
    assert told["desk"].startswith(b"webhook-id: abc\r\nContent-Type: application/json\r\n\r\n")
    assert body(told["desk"])["kind"] == "digest"
    assert set(body(told["chat"])) == {"text"}
    assert told["gone"] == told["desk"]


def test_the_text_is_what_is_posted_and_no_page_is_made(context: ChannelContext) -> None:
    payload = opened(context, {"name": "desk", "url": URL}).payload(digest_for("webhook:desk"), LINKS, {})
    assert payload.text.encode() == payload.message.partition(b"\r\n\r\n")[2]
    assert payload.page is None


def test_address_and_secret_may_stand_in_files(context: ChannelContext, written: Callable[[str, str], str]) -> None:
    secret = written("secret", "whsec_" + base64.b64encode(b"sixteen bytes or more").decode())
    hooks = opened(context, {"name": "desk", "url_file": written("url", f"{URL}\n"), "secret_file": secret})
    target = hooks.mailer._targets["webhook:desk"]  # type: ignore[attr-defined]
    assert (target.url, target.key) == (URL, b"sixteen bytes or more")


@pytest.mark.parametrize(
    ("webhook", "said"),
    [
        ({"url_file": "gone"}, "webhook desk: url_file .*gone cannot be read"),
        ({"url_file": "file"}, "webhook desk: url_file must hold one http or https address"),
        ({"url": URL, "secret_file": "gone"}, "webhook desk: secret_file .*gone cannot be read"),
        ({"url": URL, "secret_file": "file"}, "webhook desk: a webhook secret must have at least 16 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_not_shown(
    context: ChannelContext, written: Callable[[str, str], str], webhook: dict[str, object], said: str
) -> None:
    written("file", "hunter2")
    with pytest.raises(ConfigurationError, match=said) as caught:
        opened(context, {"name": "desk", **webhook}).check()
    assert "hunter2" not in str(caught.value)


def test_one_that_was_taken_out_is_refused_and_its_refusal_is_no_bounce(context: ChannelContext) -> None:
    hooks = opened(context)
    hooks.check()
    outcome = hooks.send(b"", sender="", recipient="webhook:desk")
    assert outcome == SendOutcome(SendResult.REFUSED, "webhook:desk is not in the configuration")
    assert hooks.bounce(outcome) is None
    assert hooks.bounce(SendOutcome(SendResult.REFUSED, "550 5.1.1 no", 550, SendStage.RECIPIENT)) is None
