"""Wire agencies: who they are, and how texts credit them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """`name` is how a reader is told of it; the rest says how texts write it, each use a set of its own.

    `names` are patterns that count in any case; `signs` count only in capitals as they stand, and are only those
    that mean nothing else. `bracketed` is how it stands between brackets inside a story's text ("(Reuters)"), and
    `is_word` says that this alone names an institution where a text credits one ("Efe informó"). `owns_photos` says
    that a line which is only its name is a picture's credit.
    """

    name: str
    names: tuple[str, ...]
    signs: tuple[str, ...] = ()
    bracketed: str = ""
    is_word: bool = False
    owns_photos: bool = False


AGENCIES = (
    Agency("AP", ("associated press",), ("AP",), "AP"),
    Agency("Reuters", ("thomson reuters", "reuters"), (), "Reuters", is_word=True, owns_photos=True),
    Agency("AFP", ("agence france[- ]presse", "agencia francesa de prensa"), ("AFP",), "AFP", owns_photos=True),
    Agency("EFE", ("agencia efe", "efe news"), ("EFE",), "EFE", is_word=True),
    Agency("dpa", ("deutsche presse[- ]agentur",), ("DPA", "dpa"), "DPA"),
    Agency("Europa Press", ("europa press",), (), "Europa Press"),
    Agency("Notimex", ("agencia notimex", "notimex"), (), "Notimex", is_word=True),
    Agency("UPI", ("united press international",), ("UPI",), "UPI"),
    Agency("ANSA", ("agenzia ansa", "agencia ansa"), ("ANSA",), "ANSA"),
    Agency("Xinhua", ("xinhua",), (), "Xinhua", is_word=True),
    Agency("Bloomberg", ("bloomberg news", "bloomberg"), (), "Bloomberg", is_word=True),
    Agency("The Canadian Press", ("canadian press",)),
    Agency("PA Media", ("press association", "pa media")),
    Agency("Anadolu", ("anadolu agency", "agencia anadolu")),
    Agency("TASS", ("tass news agency", "agencia tass"), (), "TASS", is_word=True),
    Agency("Prensa Latina", ("prensa latina",)),
    Agency("Télam", ("t[ée]lam",)),
)
