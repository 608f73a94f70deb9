"""Languages: one row for each says what Storywatch has for it; whatever depends on a language asks here.

To add one, write its row and the files that its columns name; the tests of this table refuse a row that promises what
is not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is ISO 639-1 (639-3 where that has none), `name` what its speakers call it, `aliases` other codes for it.

    How a text is recognised: by `scripts` (the first words of its letters' Unicode names; with `letters`, only where
    enough of these stand in the text), or, where `by_words`, by its commonest words.

    What is had: `word_list`, how frequent its words are (word_frequencies/); `boilerplate`, rules for what its sites
    put around articles (wordings/, pages/boilerplate/); `months` from January and `weekdays` from Monday, as written,
    with the months' `abbreviations` that are not their beginnings; `datelines`, that days its reports name are read;
    `topics`, that the built-in topics have its words; `lexicon`, that stories/lexicons/CODE.txt leads its words to the
    English ones; `digests`, that a reader may choose it (digests/locale/CODE.po and web/locale/CODE.po).
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    letters: str = ""
    by_words: bool = False
    word_list: bool = True
    boilerplate: bool = False
    months: tuple[str, ...] = ()
    abbreviations: tuple[tuple[str, int], ...] = ()
    weekdays: tuple[str, ...] = ()
    datelines: bool = False
    topics: bool = False
    lexicon: bool = False
    digests: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ENGLISH = Language(
    "en", "English", by_words=True, boilerplate=True, datelines=True, topics=True, digests=True,
    months=_words("January February March April May June July August September October November December"),
    weekdays=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
)  # fmt: skip
"""The language of the messages in the code: its digests need no catalog, and lexicons lead to its words."""

# Where two are equally likely by their words, the one that stands first is taken. Languages we have little for are
# here to keep their texts from passing as another.
LANGUAGES = (
    ENGLISH,
    Language(
        "es", "Español", by_words=True, boilerplate=True, datelines=True, topics=True, lexicon=True, digests=True,
        months=_words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        abbreviations=(("set", 9),),
        weekdays=_words("lunes martes miércoles jueves viernes sábado domingo"),
    ),
    Language(
        "pt", "Português", by_words=True, boilerplate=True, digests=True,
        months=_words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
    ),
    Language(
        "fr", "Français", by_words=True, boilerplate=True,
        months=_words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    ),
    Language(
        "de", "Deutsch", by_words=True, boilerplate=True,
        months=_words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        abbreviations=(("mrz", 3), ("maerz", 3)),
    ),
    Language(
        "it", "Italiano", by_words=True, boilerplate=True,
        months=_words("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
    ),
    Language(
        "nl", "Nederlands", by_words=True, boilerplate=True,
        months=_words("januari februari maart april mei juni juli augustus september oktober november december"),
        abbreviations=(("mrt", 3),),
    ),
    Language(
        "ca", "Català", by_words=True,
        months=_words("gener febrer març abril maig juny juliol agost setembre octubre novembre desembre"),
    ),
    Language("ro", "Română", by_words=True),
    Language("pl", "Polski", by_words=True),
    Language("sv", "Svenska", by_words=True),
    Language("nb", "Norsk bokmål", aliases=("no", "nn"), by_words=True),
    Language("da", "Dansk", by_words=True),
    Language("tr", "Türkçe", by_words=True),
    Language("id", "Indonesia", by_words=True),
    Language("fi", "Suomi", by_words=True),
    Language("hu", "Magyar", by_words=True),
    Language("cs", "Čeština", by_words=True),
    Language("ja", "日本語", scripts=("HIRAGANA", "KATAKANA")),
    Language("zh", "中文", scripts=("CJK",)),
    Language("ko", "한국어", scripts=("HANGUL",)),
    Language("el", "Ελληνικά", scripts=("GREEK",)),
    Language("he", "עברית", scripts=("HEBREW",)),
    Language("th", "ไทย", scripts=("THAI",), word_list=False),
    Language("ar", "العربية", scripts=("ARABIC",)),
    Language("ur", "اردو", scripts=("ARABIC",), letters="ٹڈڑ"),
    Language("fa", "فارسی", scripts=("ARABIC",), letters="پچژگ"),
    Language("ru", "Русский", scripts=("CYRILLIC",)),
    Language("uk", "Українська", scripts=("CYRILLIC",), letters="іїєґ"),
    Language("hi", "हिन्दी", scripts=("DEVANAGARI",)),
    Language("bn", "বাংলা", scripts=("BENGALI",)),
    Language("ta", "தமிழ்", scripts=("TAMIL",)),
    Language("hy", "Հայերեն", scripts=("ARMENIAN",), word_list=False),
    Language("ka", "ქართული", scripts=("GEORGIAN",), word_list=False),
    Language("bg", "Български"),
    Language("mk", "Македонски"),
    Language("fil", "Filipino"),
    Language("is", "Íslenska"),
    Language("lt", "Lietuvių"),
    Language("lv", "Latviešu"),
    Language("ms", "Melayu"),
    Language("sh", "Srpskohrvatski"),
    Language("sk", "Slovenčina"),
    Language("sl", "Slovenščina"),
    Language("vi", "Tiếng Việt"),
)  # fmt: skip

_ALIASES = {alias: one.code for one in LANGUAGES for alias in one.aliases}


def is_code(text: str) -> bool:
    """Whether `text` has the form of the codes that a topic names languages by."""
    return _CODE.fullmatch(text) is not None


def primary_subtag(tag: str | None) -> str:
    """Return the language of a tag without its region or script: "es" for "es-MX"; "" for None."""
    return (tag or "").replace("_", "-").partition("-")[0].lower()


def base_language(tag: str | None) -> str:
    """Return the language of a tag by the code that this table has for it: "nb" for "no-NO"."""
    primary = primary_subtag(tag)
    return _ALIASES.get(primary, primary)


def digest_languages() -> tuple[Language, ...]:
    """Return the languages that a digest and the web pages can be written in."""
    return tuple(one for one in LANGUAGES if one.digests)


def is_digest_language(code: str) -> bool:
    """Whether a digest can be written in that language."""
    return any(one.code == code for one in digest_languages())
