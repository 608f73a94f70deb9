import subprocess
import sys


def test_the_room_is_cheap_until_a_digest_is_written() -> None:
    program = (
        "import sys, worker.digests\n"
        "print(*{'jinja2', 'babel', 'css_inline', 'itsdangerous'}.intersection(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
