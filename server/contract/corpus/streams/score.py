import faulthandler
import io
import subprocess
import sys

faulthandler.enable()


def init():
    sys.stdout.reconfigure(line_buffering=True)


def run(raw_data):
    subprocess.run(["echo", "from a child"], stdout=sys.stdout, stderr=sys.stderr, check=True)
    wrapped = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", write_through=True)
    wrapped.write("wrapped\n")
    wrapped.detach()
    return [sys.stdout.fileno() > 0, sys.stderr.writable(), sys.stdout.encoding.lower()]
