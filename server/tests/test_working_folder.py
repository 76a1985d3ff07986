"""Scripts can write in their working folder and home, where the code itself is read-only."""

import shutil
import subprocess
from pathlib import Path

import pytest

from server import add_model, add_package

WRITER = """
    import os
    import pathlib
    import sibling
    from package import part
    def init():
        for name in ("last.txt", "counter.json", "package/part.txt"):
            with open(name, "w") as file:
                file.write("new")
        (pathlib.Path(__file__).resolve().parent / "beside.txt").write_text("x")
        (pathlib.Path.home() / "cache").mkdir(exist_ok=True)
        with open("azureml-models/best_model/1/model.pkl") as file:
            assert file.read() == "model"
    def run(raw_data):
        return [sorted(os.listdir(".")), open("counter.json").read(), sibling.VALUE, part.VALUE]
"""


@pytest.fixture
def read_only(monkeypatch):
    """Start servers with a read-only file system where their code is, as in a pod."""
    start = subprocess.Popen
    isolate = ["unshare", "--mount", "--map-root-user", "sh", "-euc"]
    if subprocess.run([*isolate, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not allow mounts in a namespace of its own")

    def change(command, **options):
        code = options["env"]["AML_APP_ROOT"]
        mount = (
            f"mount --bind {code} {code}; mount -o remount,ro,bind {code}; exec {' '.join(command)}"
        )
        return start([*isolate, mount], **options)

    monkeypatch.setattr(subprocess, "Popen", change)


def test_the_working_folder_and_home_are_writable_where_the_code_is_not(make, read_only):
    server = make(WRITER)
    add_model(server, "best_model/1/model.pkl")
    add_package(
        server,
        {"sibling.py": "VALUE = 1", "counter.json": "0", "package/__init__.py": "",
         "package/part.py": "VALUE = 2"},
    )  # fmt: skip
    (server.folder / "app" / "large.bin").write_bytes(b"x" * (2 << 20))
    (server.folder / "tmp").mkdir()
    server.set(TMPDIR=server.folder / "tmp", HOME="/nowhere")
    server.start()
    files, counter, *values = server.score({}).json()
    assert {"last.txt", "beside.txt", "azureml-models", "score.py", "large.bin"} <= set(files)
    assert (counter, values) == ("new", [1, 2])
    assert (server.folder / "app" / "counter.json").read_text() == "0"
    assert (server.folder / "tmp" / "azureml-app" / "large.bin").is_symlink()
    server.end()
    server.start()
    assert server.score({}).json()[0] == files


def test_small_files_are_copied_and_the_rest_is_linked_while_there_is_room(tmp_path, monkeypatch):
    from scoring_server import working_folder

    monkeypatch.setattr(working_folder.os, "access", lambda *_: False)
    monkeypatch.setattr(working_folder.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    code = tmp_path / "code"
    (code / "azureml-models" / "m" / "1").mkdir(parents=True)
    (tmp_path / "tmp").mkdir()
    for name in ("score.py", "library.so", "tool"):
        (code / name).write_text("x")
    (code / "tool").chmod(0o755)
    for n in range(20):
        (code / f"{n:02}.bin").write_bytes(b"x" * (1 << 20))
    folder = Path(working_folder.working_folder(str(code)))
    links = {entry.name for entry in folder.iterdir() if entry.is_symlink()}
    assert {"library.so", "tool", "azureml-models"} <= links
    copies = [entry for entry in folder.iterdir() if entry.is_file() and not entry.is_symlink()]
    assert 15 << 20 < sum(entry.stat().st_size for entry in copies) <= 16 << 20
    assert sum(name.endswith(".bin") for name in links) in (4, 5)
    assert (folder / "00.bin").stat().st_size == 1 << 20
    shutil.rmtree(folder)
    assert (code / "azureml-models" / "m" / "1").is_dir()


@pytest.mark.parametrize(
    ("environment", "variables"),
    [
        ({"HOME": "/tmp", "USER": "me"}, set()),
        ({"HOME": "/nowhere", "LOGNAME": "me"}, {"HOME"}),
        ({"USERNAME": "me"}, {"HOME"}),
        ({"HOME": "/tmp"}, {"USER", "LOGNAME"}),
    ],
)
def test_a_home_and_a_name_are_given_to_users_that_have_none(monkeypatch, environment, variables):
    from scoring_server import working_folder

    monkeypatch.setattr(working_folder, "_has_account", lambda: False)
    assert working_folder.user_variables(environment).keys() == variables


def test_a_server_starts_where_nothing_can_be_written_to(make, read_only):
    server = make("def init(): pass\ndef run(raw_data): return 'ok'")
    server.set(HOME="/nowhere", TMPDIR="/nowhere")
    server.start()
    assert server.score({}).json() == "ok"
