"""`storywatch dkim`: the DNS record that lets receivers check our signature."""

from __future__ import annotations

from worker.cli.terminal import JsonOption, answer
from worker.errors import ConfigurationError

_LONGEST_STRING = 255  # octets of one string of a TXT record; RFC 1035, 3.3.14


def dkim(as_json: JsonOption = False) -> None:
    """Print the DNS record for the key that digests are signed with."""
    from worker.setup.deps import Deps
    from worker.setup.settings import load_settings

    key = Deps(load_settings()).channels.mail.dkim_key
    if key is None:
        raise ConfigurationError("mail.dkim_key_file is not set: 'openssl genrsa -out data/dkim.key 2048' makes a key")
    name, text = key.record
    strings = [text[start : start + _LONGEST_STRING] for start in range(0, len(text), _LONGEST_STRING)]
    quoted = " ".join(f'"{part}"' for part in strings)
    line = f"{name}. IN TXT ( {quoted} )"
    answer({"name": name, "type": "TXT", "text": text}, line, as_json=as_json)
