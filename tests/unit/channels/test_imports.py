import subprocess
import sys


def test_settings_know_every_channel_and_pay_for_none() -> None:
    heavy = "{'jinja2', 'pycurl', 'smtplib', 'dkim', 'sqlalchemy', 'worker.net', 'worker.digests'}"
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from worker.channels import ChannelContext, open_channels\n"
        "from worker.setup.settings import Settings\n"
        "opened = open_channels(Settings(), ChannelContext(Path(), '', lambda: None, lambda *_: ''))\n"
        "assert all(channel.name + channel.host for channel in opened)\n"
        f"print(*{heavy}.intersection(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
