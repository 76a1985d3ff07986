"""The environment of a script: what a conda file leads to, and that it is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from conda_channel import CondaChannel
from wheels import wheel

from conda_environment.__main__ import install, pip_folder
from conda_environment.conda_file import read_conda_file
from conda_environment.credentials import netrc
from conda_environment.fault import EnvironmentFault
from conda_environment.imports import imports_azureml
from conda_environment.libraries import missing_libraries
from conda_environment.pip_install import install_requirements, options_of, pip_fault
from conda_environment.plan import make_plan
from server import WORKER

SERVER = Path(__file__).parents[1]
CASES = yaml.safe_load((SERVER.parent / "test" / "condaFiles" / "cases.yaml").read_text())


def outcome(file, packages):
    try:
        plan = make_plan(read_conda_file(yaml.safe_dump(file)), packages)
    except EnvironmentFault as fault:
        assert "\n" not in str(fault)
        return {"fault": str(fault).removeprefix("the conda file ")}
    found = {
        "python": plan.python,
        "channels": list(plan.channels),
        "specs": [f"{spec.name} {spec.version}".strip() for spec in plan.specs],
        "requirements": list(plan.requirements),
        "debian": list(plan.debian),
    }
    return {key: value for key, value in found.items() if value}


@pytest.mark.parametrize("packages", ["channels", "pypi"])
@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_the_build_plans_what_the_preview_plans(case, packages):
    assert outcome(case["file"], packages) == case[packages]


def test_what_the_code_imports_of_azureml_is_installed():
    file = read_conda_file("dependencies: [python, {pip: [azureml-defaults==1.60, six]}]")
    assert make_plan(file, "pypi", {"azureml"}).requirements == ("azureml-defaults==1.60", "six")
    kept = make_plan(file, "pypi", {"inference-schema", "Werkzeug"}).requirements
    assert kept == ("six", "Werkzeug", "inference-schema")
    conda = read_conda_file("dependencies: [numpy, azureml-defaults=1.60]")
    assert make_plan(conda, "channels", {"azureml"}).requirements == ("azureml-defaults==1.60.*",)


def test_a_base_image_decides_the_python_where_pip_alone_installs():
    file = read_conda_file("dependencies: ['python>=3.8']")
    assert make_plan(file, "pypi", base_python="3.11").python == "3.11"
    exact = read_conda_file("dependencies: [python=3.12]")
    with pytest.raises(EnvironmentFault, match=r'"python=3\.12"; the base image has Python 3\.11'):
        make_plan(exact, "pypi", base_python="3.11")


def test_what_a_script_imports_of_azureml_is_found(tmp_path):
    (tmp_path / "score.py").write_text("import os\nfrom azureml.core.model import Model\n")
    assert imports_azureml(tmp_path) == {"azureml"}
    (tmp_path / "score.py").write_text(
        "from azureml.contrib.services.aml_request import rawhttp\nimport inference_schema.x\n"
    )
    assert imports_azureml(tmp_path) == {"Werkzeug", "inference-schema"}


def test_a_package_that_does_not_exist_is_named_in_one_line():
    errors = "ERROR: Could not find a version\nERROR: No matching distribution found for nope==1\n"
    assert pip_fault(errors) == "pip finds no nope==1 that this Python and platform can have"


def run(python, code):
    command = [str(python), "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_copied_interpreter_runs_from_its_own_folder(interpreter):
    code = "import ssl, sqlite3, ctypes, zlib, sys; print(sys.prefix, ssl.__file__)"
    prefix, module = run(interpreter / "bin" / "python3", code).split()
    assert prefix == str(interpreter)
    assert module.startswith(str(interpreter))


@pytest.fixture(scope="module")
def channel(tmp_path_factory, interpreter):
    """A channel with Python, a package with a native library and one in Python alone."""
    channel = CondaChannel(tmp_path_factory.mktemp("channel") / "own")
    files = {
        str(file.relative_to(interpreter)): file
        for file in interpreter.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    files["bin/python"] = files["bin/python3"]
    code = "import platform; print(platform.python_version())"
    version = run(interpreter / "bin" / "python3", code)
    channel.add("python", version, files)
    channel.add("python", "3.8.0", {"bin/python": b"too old"})
    library = next(file for file in (interpreter / "lib").glob("lib*.so*"))
    channel.add("own-native", "1.4.0", {"lib/libown.so.1": library})
    channel.add(
        "own-native",
        "2.0.0",
        {"lib/libown.so.1": library, "share/prefix": b"/opt/placeholder/lib"},
        placeholders=("share/prefix",),
    )
    module = b"import ctypes, sys\nctypes.CDLL(sys.prefix + '/lib/libown.so.1')\nVERSION = '1.0'\n"
    channel.add(
        "own",
        "1.0",
        {"site-packages/own.py": module},
        ("python", "own-native >=1.4"),
        noarch_python=True,
    )
    return channel.index()


@pytest.fixture
def folder(tmp_path):
    """The `environment` folder of a build."""
    folder = tmp_path / "environment"
    folder.mkdir()
    return folder


def installed(folder, text, prefix=None, imported=()):
    (folder / "myenv.yml").write_text(text)
    prefix = prefix or folder.parent / "prefix"
    plan = install(folder, prefix, Path(WORKER), set(imported))
    return plan, prefix


def test_packages_of_a_channel_are_solved_and_installed(channel, folder, monkeypatch):
    monkeypatch.setenv("PACKAGES", "channels")
    text = f"channels: ['{channel}']\ndependencies: [python>=3.8, own, pip]\n"
    # The channel has no pip; the image's own installs.
    _, prefix = installed(folder, text.replace(", pip]", "]"))
    assert run(prefix / "bin" / "python", "import own; print(own.VERSION)") == "1.0"
    assert (prefix / "share" / "prefix").read_text() == f"{prefix}/lib"
    assert not missing_libraries(prefix)
    # Nothing is written in the running pod, which would compile modules at each start.
    compiled = prefix.glob("lib/python3.*/site-packages/__pycache__/own.cpython-*.pyc")
    assert len(list(compiled)) == 1


def test_constraints_of_a_file_choose_among_the_packages_of_a_channel(channel, folder, monkeypatch):
    monkeypatch.setenv("PACKAGES", "channels")
    text = f"channels: ['{channel}']\ndependencies: [own, own-native<2]\n"
    _, prefix = installed(folder, text)
    assert [file.name for file in (prefix / "conda-meta").glob("own-native*")] == [
        "own-native-1.4.0-0.json"
    ]


def test_a_folder_of_the_build_is_a_channel(channel, folder, monkeypatch):
    monkeypatch.setenv("PACKAGES", "channels")
    monkeypatch.setenv("CONDA_CHANNELS", '["./channels/0"]')
    shutil.copytree(channel.removeprefix("file://"), folder / "channels" / "0")
    _, prefix = installed(folder, "channels: [not-asked]\ndependencies: [own]\n")
    assert run(prefix / "bin" / "python", "import own; print(own.VERSION)") == "1.0"


@pytest.mark.parametrize(
    ("package", "named"),
    [
        ("own=9", r"own 9\.\*"),
        ("nothing-of-this-name", "nothing-of-this-name"),
        ("own-native>2", "own-native >2"),
    ],
)
def test_packages_that_a_channel_does_not_have_are_named(
    channel, folder, monkeypatch, package, named
):
    monkeypatch.setenv("PACKAGES", "channels")
    with pytest.raises(EnvironmentFault, match=named) as fault:
        installed(folder, f"channels: ['{channel}']\ndependencies: ['{package}']\n")
    assert "\n" not in str(fault.value)


def test_a_channel_that_cannot_be_read_is_named_with_what_takes_its_place(folder, monkeypatch):
    monkeypatch.setenv("PACKAGES", "channels")
    named = r"cannot read the channels own: .*127\.0\.0\.1:9.*; image\.conda can name a mirror"
    with pytest.raises(EnvironmentFault, match=named) as fault:
        installed(folder, "channels: ['http://127.0.0.1:9/own']\ndependencies: [numpy]\n")
    assert "\n" not in str(fault.value)


def test_pip_runs_in_the_folder_of_the_conda_file(folder):
    # The conda file lay beside `requirements.txt`, one folder below `dist`.
    files = folder / "files" / "_"
    wheel(folder / "files" / "dist")
    files.mkdir()
    listed = "azureml-defaults==1.60 \\\n  --hash=sha256:00\n-r more.txt\n"
    (files / "requirements.txt").write_text(listed)
    (files / "more.txt").write_text("../dist/own_wheel-1.0-py3-none-any.whl\n")
    assert pip_folder(folder) == files
    text = "dependencies: [python, {pip: [--no-index, -r requirements.txt]}]"
    _, prefix = installed(folder, text)
    assert run(prefix / "bin" / "python", "import own_wheel; print(own_wheel.VERSION)") == "1.0"


def test_pip_installs_behind_packages_of_a_channel(channel, folder, monkeypatch):
    monkeypatch.setenv("PACKAGES", "channels")
    wheel(folder / "files")
    pip = "{pip: [--no-index, ./own_wheel-1.0-py3-none-any.whl]}"
    _, prefix = installed(folder, f"channels: ['{channel}']\ndependencies: [own, {pip}]\n")
    code = "import own, own_wheel, sys; print(own.VERSION, own_wheel.VERSION, sys.prefix)"
    assert run(prefix / "bin" / "python", code) == f"1.0 1.0 {prefix}"


def test_a_lock_brings_back_what_was_installed(channel, folder, monkeypatch):
    monkeypatch.setenv("PACKAGES", "channels")
    wheel(folder / "files" / "dist")
    pip = "{pip: [--no-index, --find-links dist, own-wheel]}"
    text = f"channels: ['{channel}']\ndependencies: [own, own-native<2, {pip}]\n"
    _, first = installed(folder, text)
    text_of_lock = (folder / "installed.lock").read_text()
    assert any(line.endswith("/own-native-1.4.0-0.tar.bz2") for line in text_of_lock.splitlines())
    lock = yaml.safe_load(text_of_lock)
    assert "own-native-1.4.0-0.tar.bz2" in lock["conda"]
    assert [line.partition(" --hash=sha256:")[0] for line in lock["pip"]] == ["own_wheel==1.0"]
    # What the channel and the index have since then does not matter.
    shutil.copy(folder / "installed.lock", folder / "myenv.lock")
    wheel(folder / "files" / "dist", version="2.0")
    _, second = installed(folder, text.replace("<2", ""), folder.parent / "second")
    assert (second / "conda-meta" / "own-native-1.4.0-0.json").is_file()
    code = "import own, own_wheel; print(own.VERSION, own_wheel.VERSION)"
    assert run(first / "bin" / "python", code) == run(second / "bin" / "python", code) == "1.0 1.0"


def test_a_lock_finds_packages_where_the_conda_file_does(folder):
    files = folder / "files"
    wheel(files / "pins" / "wheels")
    (files / "pins" / "all.txt").write_text(
        "--find-links=wheels # beside this file\n--no-index\nown-wheel\n"
    )
    lines = ["-r pins/all.txt", "--trusted-host feed.example", "--only-binary :all:", "--pre"]
    assert options_of(lines, files) == [
        f"--find-links={files}/pins/wheels",
        "--no-index",
        "--trusted-host feed.example",
        "--only-binary :all:",
    ]
    text = "dependencies: [python, {pip: [-r pins/all.txt]}]"
    installed(folder, text)
    shutil.copy(folder / "installed.lock", folder / "myenv.lock")
    _, prefix = installed(folder, text, folder.parent / "second")
    assert run(prefix / "bin" / "python", "import own_wheel; print(own_wheel.VERSION)") == "1.0"


def test_a_lock_of_pip_alone_has_the_hashes_of_its_files(folder):
    file = wheel(folder / "files" / "dist")
    text = "dependencies: [python, {pip: [--no-index, --find-links dist, own-wheel]}]"
    installed(folder, text)
    lock = yaml.safe_load((folder / "installed.lock").read_text())
    assert lock["conda"] == ""
    shutil.copy(folder / "installed.lock", folder / "myenv.lock")
    file.write_bytes(wheel(folder / "other").read_bytes() + b"changed")
    with pytest.raises(EnvironmentFault, match="pip"):
        installed(folder, text, folder.parent / "second")


def test_what_pip_does_not_find_is_named_in_one_line(folder):
    prefix = folder.parent / "venv"
    subprocess.run([WORKER, "-m", "venv", "--without-pip", str(prefix)], check=True)
    with pytest.raises(EnvironmentFault, match="pip finds no own-thing==3"):
        lines = ["--no-index", "own-thing==3"]
        install_requirements(lines, prefix / "bin" / "python", folder, keep_replaced=False)


def test_credentials_are_there_only_while_packages_are_installed(tmp_path):
    with netrc('{"feed.example": "name:pass:word"}', tmp_path):
        file = tmp_path / ".netrc"
        assert file.read_text() == "machine feed.example\nlogin name\npassword pass:word\n"
        assert file.stat().st_mode & 0o77 == 0
    assert not file.exists()
    with netrc("", tmp_path):
        assert not file.exists()
