"""Having a mail tried again that waits, or was given up."""

from __future__ import annotations

from starlette.responses import Response

from worker.errors import ConflictError
from worker.step import Wakeup
from worker.storage.digests import mail_hosts
from worker.storage.digests.deliveries import retry_delivery
from worker.web.desk.pages import go_back, tell
from worker.web.desk.visit import Visit


def retry(visit: Visit) -> Response:
    """Try the delivery of the path again now; its mail server rests no longer, for somebody has mended something."""
    number = visit.number("delivery")
    try:
        with visit.deps.transaction() as session:
            retry_delivery(session, number, now=visit.now)
            for channel in visit.deps.channels:
                mail_hosts.save_mail_host(session, mail_hosts.MailHostRecord(channel.host))
    except ConflictError as error:
        return tell(visit, visit.say.gettext("Not tried again"), str(error), status=409)
    visit.wake((Wakeup("deliver", number),))
    return go_back(visit, otherwise="/readers", said="retried")
