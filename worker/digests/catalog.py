"""Translations and dates of a digest's language.

English is the source language; every other one is a `locale/*.po` file, read at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from worker.errors import ConfigurationError
from worker.text.languages import ENGLISH, digest_languages, is_digest_language, primary_subtag


@dataclass(frozen=True, slots=True)
class Catalog:
    """Says things in one language. `gettext` and `ngettext` have the names `pybabel extract` looks for."""

    language: str
    gettext: Callable[[str], str]
    _plural: Callable[[str, str, int], str]

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The form that fits `n` (Spanish has a third, for whole millions), with `%(num)s` filled in."""
        return self._plural(singular, plural, n) % {"num": self.number(n)}

    def number(self, n: int) -> str:
        """`n` with the language's grouping."""
        if n < 1000:
            return str(n)
        from babel.numbers import format_decimal

        return format_decimal(n, locale=self.language)

    def day(self, day: date) -> str:
        """Weekday, day and month, short."""
        from babel.dates import format_skeleton

        return format_skeleton("MMMEd", day, locale=self.language)

    def day_of_year(self, day: date) -> str:
        """Weekday, day and month, short, and the year."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMMEd", day, locale=self.language)

    def short_day(self, day: date) -> str:
        """Day and month, short."""
        from babel.dates import format_skeleton

        return format_skeleton("MMMd", day, locale=self.language)

    def weekday(self, day: int) -> str:
        """The name of a weekday; Monday is 0."""
        from babel.dates import get_day_names

        return str(get_day_names("wide", locale=self.language)[day])

    def place(self, zone: str) -> str:
        """What people call the time of an IANA zone: its city, or the zone's own name."""
        if "/" not in zone:
            return zone
        from babel.dates import get_timezone, get_timezone_location

        try:
            return str(get_timezone_location(get_timezone(zone), locale=self.language, return_city=True))
        except LookupError:  # a zone newer than Babel's data
            return zone.rpartition("/")[2].replace("_", " ")

    def language_name(self, code: str) -> str:
        """The name of language `code` (ISO 639, any region), or the code in capitals where it has none."""
        from babel import Locale

        key = primary_subtag(code)
        return str(Locale(self.language).languages.get(key, key.upper()))


def choose_language(tags: Iterable[str | None]) -> str:
    """Return the first of the languages (BCP 47 tags) that a digest can be written in; English otherwise."""
    offered = filter(is_digest_language, map(primary_subtag, tags))
    return next(offered, ENGLISH.code)


@cache
def catalog_for(language: str, room: str = "worker.digests") -> Catalog:
    """The catalog of `language` that `room` keeps. Raises ConfigurationError when there is none."""
    offered = [one.code for one in digest_languages()]
    if language not in offered:
        raise ConfigurationError(f"language {language[:20]!r} is not available; choose from {', '.join(offered)}")
    translations = NullTranslations() if language == ENGLISH.code else _translations(language, room)
    return Catalog(language, translations.gettext, translations.ngettext)


def _translations(language: str, room: str) -> GNUTranslations:
    # Babel takes 5 MB that a process which never writes a digest should not pay.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    catalog = files(room).joinpath("locale", f"{language}.po")
    if not catalog.is_file():
        raise ConfigurationError(f"language {language!r} has no catalog: {room} needs locale/{language}.po")
    source = catalog.read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
