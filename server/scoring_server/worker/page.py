"""The page for those who write clients: what to send and what to expect."""

import html
import json
from string import Template

from scoring_server.worker.contract import Contract

_PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
pre { padding: 1rem; overflow: auto; background: #f4f4f4 }
</style>
<h1>$title</h1>
<p>$description</p>
<h2>Request</h2>
<p><code>POST $path</code> with the headers <code>Authorization: Bearer KEY</code> and
<code>Content-Type: $media_type</code>.</p>
$sample
<h2>Structure of the body</h2>
<pre>$input_schema</pre>
<h2>Structure of the answer</h2>
<p>Status 200 and what the scoring script returns. Any other status comes with a JSON object whose
<code>message</code> says what is wrong, whose <code>path</code> says where in the body, and whose
<code>request_id</code> finds the request in the service's log.</p>
<pre>$output_schema</pre>
<p>The same as OpenAPI: <code>/swagger.json</code> (version 2),
<code>/swagger.json?version=3</code>.</p>
</html>
""")


def page(service: str, contract: Contract) -> bytes:
    """The page as HTML."""
    sample = contract.input_schema.get("example")
    path = f"/api/v1/service/{service}/score" if service else "/score"
    written = f"<pre>{_json(sample)}</pre>" if sample is not None else ""
    return _PAGE.substitute(
        title=html.escape(service or "Scoring service"),
        description=html.escape(contract.description),
        path=html.escape(path),
        media_type=html.escape(contract.media_types[0]),
        sample=written,
        input_schema=_json(contract.input_schema),
        output_schema=_json(contract.output_schema),
    ).encode()


def _json(value: object) -> str:
    return html.escape(json.dumps(value, indent=2), quote=False)
