"""Solves and installs conda packages by conda's own library."""

import asyncio
import subprocess
from pathlib import Path

from rattler import Channel, Client, Gateway, RepoDataRecord, VirtualPackage, install, solve
from rattler.exceptions import GatewayError, SolverError

from conda_environment.conda_file import Spec
from conda_environment.fault import EnvironmentFault
from conda_environment.python_version import SUPPORTED

PLATFORMS = ("linux-64", "noarch")


def source(channel: str, folder: Path) -> Channel:
    """A channel by name or URL; one that starts with `./` lies in `folder`."""
    if channel.startswith("./"):
        return Channel((folder / channel).resolve().as_uri())
    return Channel(channel)


def python_bounds() -> str:
    """The Pythons that the server's worker runs on, as a package of conda."""
    newest = SUPPORTED[0].split(".")
    return f"python >={SUPPORTED[-1]},<{newest[0]}.{int(newest[1]) + 1}"


def solve_packages(
    specs: tuple[Spec, ...], channels: list[Channel], cache: Path
) -> list[RepoDataRecord]:
    """Find packages and all that they need; raises `EnvironmentFault`."""
    return asyncio.run(_solve(specs, channels, cache))


def install_records(records: list[RepoDataRecord], prefix: Path, cache: Path) -> None:
    """Install packages into a folder, and compile their modules as conda does."""
    asyncio.run(_install(records, prefix, cache))
    site_packages = [str(folder) for folder in prefix.glob("lib/python*/site-packages")]
    # Modules that this Python cannot read, such as templates, are no fault of the package.
    command = [str(prefix / "bin" / "python"), "-m", "compileall", "-q", "-j", "0", *site_packages]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603


def _client() -> Client:
    # Names and passwords come from ~/.netrc, so that no address holds them.
    return Client.authenticated_client()


async def _solve(
    specs: tuple[Spec, ...], channels: list[Channel], cache: Path
) -> list[RepoDataRecord]:
    wanted = [*(spec.match for spec in specs), python_bounds()]
    # A package may name a channel of its own.
    named = [spec.match.channel for spec in specs if spec.match.channel is not None]
    known = {channel.base_url for channel in channels}
    sources = [*channels, *(channel for channel in named if channel.base_url not in known)]
    try:
        return await solve(
            sources,
            wanted,
            gateway=Gateway(cache_dir=cache, client=_client(), show_progress=False),
            platforms=list(PLATFORMS),
            virtual_packages=VirtualPackage.detect(),
        )
    except SolverError as error:
        fault = f"conda cannot install the file's packages from {_names(sources)}"
        raise EnvironmentFault(f"{fault}: {_one_line(error)}") from None
    except GatewayError as error:
        remedy = "image.conda can name a mirror, a folder or PyPI instead"
        fault = f"conda cannot read the channels {_names(sources)}: {_one_line(error)}"
        raise EnvironmentFault(f"{fault}; {remedy}") from None


async def _install(records: list[RepoDataRecord], prefix: Path, cache: Path) -> None:
    await install(
        records,
        target_prefix=prefix,
        cache_dir=cache,
        client=_client(),
        show_progress=False,
        # As conda does: a few packages are complete only after their scripts have run.
        execute_link_scripts=True,
    )


def _names(sources: list[Channel]) -> str:
    return ", ".join(channel.name or channel.base_url for channel in sources)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
