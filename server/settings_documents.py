"""Writes what is generated from the settings: a table for readers, a schema for programs.

`sh server/test --write-docs` runs it; a test fails when the files differ from the settings. The
schema is one flat object without references, so that a reader needs no JSON Schema library:

- `properties`: each environment variable with `type`, `minimum`, `maximum`, `enum`, `description`
  and `default`, as far as it has them; in the environment an integer is written in decimal and a
  boolean as `true` or `false`;
- `x-owner: program`: the deploying program sets this variable, its users cannot;
- `x-shutdown`: the longest time from SIGTERM to the exit is the sum of the variables `terms` and of
  `marginMs`, all in milliseconds;
- `x-layout`: the folder of the models in the image, and the name of the file of their digests, in
  the build context and in /opt/scoring of the image.
"""

import json
import sys
from pathlib import Path

import msgspec

from scoring_server.settings import (
    APP_ROOT,
    DIGESTS_FILE,
    MODELS_FOLDER,
    SHUTDOWN_MARGIN_MS,
    SHUTDOWN_TERMS,
    Settings,
    variable,
)

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "scoring-settings.md"
SCHEMA = HERE / "settings.schema.json"

_HEADER = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]


def settings_schema() -> str:
    """The JSON schema of the settings, as a file."""
    schema = msgspec.json.schema(Settings)["$defs"]["Settings"]
    # msgspec leaves out the type of an enumeration; here all of them are of strings.
    properties = {name: {"type": "string", **rule} for name, rule in schema["properties"].items()}
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of the scoring server",
        "description": "Generated from scoring_server/settings.py: sh server/test --write-docs",
        "type": "object",
        "properties": properties,
        "required": schema["required"],
        "additionalProperties": schema["additionalProperties"],
        "x-shutdown": {
            "terms": [variable(term) for term in SHUTDOWN_TERMS],
            "marginMs": SHUTDOWN_MARGIN_MS,
        },
        "x-layout": {"modelRoot": f"{APP_ROOT}/{MODELS_FOLDER}", "digests": DIGESTS_FILE},
    }
    return json.dumps(document, indent=2) + "\n"


def settings_table() -> str:
    """The settings as a Markdown table."""
    rows = [*_HEADER]
    for name, setting in json.loads(settings_schema())["properties"].items():
        default = setting["default"]
        shown = str(default).lower() if isinstance(default, bool) else default
        owner = " Set by the program." if setting.get("x-owner") == "program" else ""
        rows.append(f"| `{name}` | `{shown}` | {setting['description']}{owner} |")
    return "\n".join(rows) + "\n"


def settings_page(page: str) -> str:
    """The page with its table replaced by the present one."""
    before, _, rest = page.partition(_HEADER[0])
    _, separator, after = rest.partition("\n\n")
    return before + settings_table() + separator[1:] + after


def main() -> None:
    """Write both files."""
    SCHEMA.write_text(settings_schema(), encoding="utf-8")
    PAGE.write_text(settings_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{SCHEMA} and {PAGE} written\n")


if __name__ == "__main__":
    main()
