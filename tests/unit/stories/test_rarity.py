import subprocess
import sys

import pytest

from worker.stories.rarity import has_list, list_frequency, rarity
from worker.text.languages import base_language


@pytest.mark.parametrize(
    ("tag", "base"), [("es-MX", "es"), ("EN_us", "en"), ("no", "nb"), (None, ""), ("", ""), ("tlh", "tlh")]
)
def test_base_language(tag, base):
    assert base_language(tag) == base


def test_rare_words_weigh_more():
    assert rarity("the", "en") < rarity("minist", "en") < rarity("herrin", "en") < rarity("qqqxyz", "en")


def test_english_and_spanish_share_one_scale():
    assert rarity("migrac", "es") == rarity("migrac", "en")


def test_common_words_of_other_languages_weigh_little():
    assert rarity("und", "de") < 1 < rarity("und", "")


def test_repetition_stands_in_where_no_list_exists():
    assert not has_list("tlh")
    assert rarity("qapla", "tlh", share=0.02) < rarity("qapla", "tlh")


def test_numbers_are_not_the_rarest():
    assert rarity("94817", "en") < rarity("qqqxyz", "en")


def test_beginnings_add_up():
    assert list_frequency("govern", "en") > list_frequency("herrin", "en") > 0
    assert list_frequency("qqqxyz", "en") == 0


def test_importing_the_room_does_not_load_the_lists():
    program = "import worker.stories.rarity as room; print(room._load_frequencies.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).stdout == b"0\n"
