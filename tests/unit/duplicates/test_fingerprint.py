import subprocess
import sys

from worker.duplicates import MIN_SHARED_SAMPLES, fingerprint
from worker.duplicates.fingerprint import MAX_SAMPLES
from worker.duplicates.wording import COMPARED_WORDS


def test_same_words_have_the_same_hash(report):
    assert fingerprint(report.upper().replace('"', "”")).text_hash == fingerprint(report).text_hash


def test_another_word_changes_the_hash(report):
    assert fingerprint(report.replace("Tuesday", "Monday")).text_hash != fingerprint(report).text_hash


def test_a_change_far_behind_the_compared_words_changes_the_hash():
    long = "word " * (COMPARED_WORDS + 10)
    assert fingerprint(long + "end").text_hash != fingerprint(long).text_hash


def test_a_few_words_have_no_samples(report):
    words = report.split()
    assert fingerprint(" ".join(words[:11])).samples == ()
    assert fingerprint(" ".join(words[:12])).samples


def test_an_excerpt_of_twenty_words_is_found_in_the_opening_of_any_text(report, other):
    long = [*report.split(), *(f"word{number} filler" for number in range(800))]
    for start in (0, 12, 30):
        excerpt = fingerprint(" ".join(long[start : start + 20]))
        assert len(set(excerpt.samples) & set(fingerprint(" ".join(long)).samples)) >= MIN_SHARED_SAMPLES


def test_samples_fit_a_signed_64_bit_column(report):
    samples = fingerprint(report).samples
    assert all(-(2**63) <= sample < 2**63 for sample in samples)
    assert len(set(samples)) == len(samples) <= MAX_SAMPLES


def test_an_excerpt_shares_samples_with_a_long_text(report, other):
    long = fingerprint(" ".join([other, report] + [f"word{number} filler" for number in range(400)]))
    assert len(set(fingerprint(report).samples) & set(long.samples)) >= 2


def test_the_same_in_every_process(report):
    program = "import sys; from worker.duplicates import fingerprint; print(fingerprint(sys.argv[1]).samples[:9])"
    printed = subprocess.run([sys.executable, "-c", program, report], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == str(fingerprint(report).samples[:9])


def test_lone_surrogates_do_no_harm():
    assert fingerprint("a \ud800b c").word_count >= 2
