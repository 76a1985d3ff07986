"""The last step of the build: whether the finished image can start the script.

It runs with the front's Python, which has nothing of the environment, and needs no package.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from conda_environment.libraries import debian_package_of, missing_libraries, owner_of

# Longer than any import of frameworks takes on a busy machine; a script that waits for something
# while it is imported is none of the check's business.
_SECONDS = 600
_IMPORT = """
import importlib.util, os, sys
root, script, worker = sys.argv[1:]
path = os.path.join(root, script)
sys.path += [worker, os.path.dirname(path)]
os.chdir(root)
from scoring_server.worker.shims import install_shims
install_shims()
specification = importlib.util.spec_from_file_location("score", path)
module = sys.modules["score"] = importlib.util.module_from_spec(specification)
try:
    specification.loader.exec_module(module)
except (ImportError, SyntaxError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
except OSError as error:
    if "shared object" in str(error):
        sys.exit(f"{type(error).__name__}: {error}")
    print(f"environment: importing {script} raised {type(error).__name__}: {error}")
except BaseException as error:
    # What only exists in the running pod, such as a variable, is no fault of the image.
    print(f"environment: importing {script} raised {type(error).__name__}: {error}")
"""


def library_faults(environment: Path, optional: set[str]) -> list[str]:
    """One line for each library that is missing, with what needs it and what brings it."""
    faults = []
    for library, files in sorted(missing_libraries(environment).items()):
        if library in optional:
            continue
        package = debian_package_of(library)
        remedy = (
            f"add {package} to image.systemPackages"
            if package
            else "add the Debian package that brings it to image.systemPackages, or the library to "
            "image.optionalLibraries if the script does without"
        )
        needing = owner_of(files[0]) or files[0].name
        faults.append(f"{library} is missing, which {needing} needs ({files[0]}): {remedy}")
    return faults


def import_fault(python: Path, root: Path, script: str, worker: Path) -> str | None:
    """Why the script cannot be imported; `None` if it can. `init()` is not called."""
    try:
        process = subprocess.run(  # noqa: S603
            [str(python), "-c", _IMPORT, str(root), script, str(worker)],
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    sys.stderr.write(process.stderr)
    if process.returncode == 0:
        return None
    lines = process.stderr.strip().splitlines()
    reason = lines[-1] if lines else f"Python ended with {process.returncode}"
    return f"{script} cannot be imported: {reason}"


def main() -> int:
    """Check the image that this runs in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", type=Path, required=True)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--script", required=True)
    parser.add_argument("--worker", type=Path, required=True)
    parser.add_argument("--optional", nargs="*", default=[])
    options = parser.parse_args()
    faults = library_faults(options.environment, set(options.optional))
    python = options.environment / "bin" / "python"
    failed = import_fault(python, options.root, options.script, options.worker)
    for fault in [*faults, *([failed] if failed else [])]:
        sys.stderr.write(f"environment: {fault}\n")
    return 1 if faults or failed else 0


if __name__ == "__main__":
    sys.exit(main())
