"""Writes the lists of worker/text/word_frequencies anew from the wordfreq that is installed."""

from __future__ import annotations

from pathlib import Path

from wordfreq import available_languages, get_frequency_list

from worker.text import word_frequencies

FOLDER = Path(word_frequencies.__file__).parent


def main() -> None:
    """One file for each language that wordfreq has a small list of."""
    for language in sorted(available_languages("small")):
        packed = word_frequencies.pack(get_frequency_list(language, "small"))
        (FOLDER / f"{language}.txt.xz").write_bytes(packed)
        print(f"{language}: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
