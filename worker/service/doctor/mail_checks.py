"""What the doctor looks at of mail: whether the server lets us in, and what the DNS says of the sender."""

from __future__ import annotations

import os
from collections.abc import Iterator

from worker import net
from worker.errors import ConfigurationError
from worker.net.dns_records import text_records
from worker.service.doctor.finding import Finding, ill, note, well
from worker.service.doctor.verdicts import is_public_domain, judge_dkim, judge_spf
from worker.setup.deps import Deps


def check_mail(deps: Deps) -> Iterator[Finding]:
    """Yield whether mail can leave, and whether receivers will believe that it is ours."""
    mail = deps.settings.mail
    if not mail.host:
        yield _of_folder(deps)
        return
    try:
        channel = deps.channels.mail
        outcome = channel.try_login()
    except ConfigurationError as error:
        yield ill("mail", str(error), "mend [mail]")
        return
    if outcome.result is net.SendResult.SENT:
        yield well("mail", f"{channel.host} lets us in")
    else:
        yield ill("mail", outcome.detail, _advice(outcome))
    yield from _of_sender(deps)


def _of_folder(deps: Deps) -> Finding:
    folder = deps.settings.outbox_folder
    above = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    if not os.access(above, os.W_OK):
        return ill("mail", f"digests cannot be written into {folder}", f"let this account write into {above}")
    return note("mail", f"digests are written into {folder}: no mail is sent", "to send, set host in [mail]")


def _of_sender(deps: Deps) -> Iterator[Finding]:
    domain = deps.settings.mail.sender_domain
    if not is_public_domain(domain):
        yield ill("spf", f"mail comes from {deps.settings.mail.sender}, which nobody can answer or check",
                  "set sender in [mail] to an address of a domain that is yours")  # fmt: skip
        return
    records = text_records(domain)
    if records is None:
        yield note("spf", f"the DNS was not asked about {domain}: no resolver answers here")
    else:
        yield judge_spf(domain, records)
    yield _of_key(deps, can_ask=records is not None)


def _of_key(deps: Deps, *, can_ask: bool) -> Finding:
    try:
        key = deps.channels.mail.dkim_key
        record = key.record if key else None
    except ConfigurationError as error:
        return ill("dkim", str(error), "mend mail.dkim_key_file")
    if record is None:
        return note(
            "dkim", "mail is not signed here", "leave it so where your relay signs; otherwise: docs/operations.md"
        )
    found = text_records(record[0]) if can_ask else None
    return note("dkim", f"the record at {record[0]} was not looked up") if found is None else judge_dkim(*record, found)


def _advice(outcome: net.SendOutcome) -> str:
    if outcome.stage is net.SendStage.LOGIN:
        return "mend username and password_file in [mail]; many providers want an app password"
    return "mend host, port and security in [mail]"
