"""The folder that a script runs in.

Azure ML runs scripts in the folder of their code, where they may write files. Here the root file
system of the container is read-only. So the code is laid out once more where files can be written:
folders as folders, small files as copies, large ones and the models as links. The copies live in
the memory of the container if its temporary folder does, which is why their size is limited.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from scoring_server.settings import MODELS_FOLDER

_NAME = "azureml-app"
# A script may change its small files (settings, counters); what is larger is data that it reads.
_LARGEST_COPY_BYTES = 1 << 20
_ALL_COPIES_BYTES = 16 << 20
# The temporary folder of a container may forbid to load code from it, which Python files are not.
_LIBRARIES = (".so", ".pyd", ".dylib")
_USER_NAMES = ("LOGNAME", "USER", "LNAME", "USERNAME")
_USER = "azureml"


def working_folder(app_root: str) -> str:
    """The folder of the code if it can be written to, else a new one that can.

    Raises `OSError` if there is no place for it.
    """
    if os.access(app_root, os.W_OK) or not Path(app_root).is_dir():
        return app_root
    folder = Path(tempfile.gettempdir(), _NAME)
    # A container that starts again in its pod finds the folder of its last life.
    shutil.rmtree(folder, ignore_errors=True)
    _Layout().fill(Path(app_root), folder, skipped=MODELS_FOLDER)
    return str(folder)


def user_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Variables that give a script a home it can write to, and a name for any user id."""
    variables = {}
    home = environment.get("HOME", "")
    if not home or not os.access(home, os.W_OK):
        # Without any folder to write to, the home stays as it is.
        with suppress(OSError):
            variables["HOME"] = tempfile.gettempdir()
    if not any(environment.get(name) for name in _USER_NAMES) and not _has_account():
        variables |= {"USER": _USER, "LOGNAME": _USER}
    return variables


def _has_account() -> bool:
    import pwd  # noqa: PLC0415 - only where no variable names the user

    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return True


class _Layout:
    """Lays out one folder after another until the copies have used up their space."""

    def __init__(self) -> None:
        self._room = _ALL_COPIES_BYTES

    def fill(self, source: Path, target: Path, skipped: str = "") -> None:
        """Make the folder `target` with everything of `source`; `skipped` becomes a link."""
        target.mkdir(mode=0o700)
        with os.scandir(source) as entries:
            for entry in entries:
                place = target / entry.name
                if entry.is_dir(follow_symlinks=False) and entry.name != skipped:
                    self.fill(Path(entry.path), place)
                elif self._is_copied(entry):
                    shutil.copyfile(entry.path, place)
                else:
                    place.symlink_to(Path(entry.path).absolute())

    def _is_copied(self, entry: os.DirEntry[str]) -> bool:
        if not entry.is_file(follow_symlinks=False) or entry.name.endswith(_LIBRARIES):
            return False
        status = entry.stat()
        size = status.st_size
        # What can be executed stays where it can be.
        if status.st_mode & 0o111 or size > min(_LARGEST_COPY_BYTES, self._room):
            return False
        self._room -= size
        return True
