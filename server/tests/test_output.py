"""Whatever a script prints or logs becomes lines of the log, with the id of its request."""

import pytest


def lines_of(server, identity):
    return [
        (line.get("stream"), line["message"])
        for line in server.lines()
        if line.get("request_id") == identity and line["message"] != "request"
    ]


def score(serve, body, **settings):
    """Score once with a script of these lines; returns the answer and the lines of the request."""
    script = "\n".join(f"    {line}" for line in ("", *body.strip().splitlines()))
    header = "import io, logging, os, subprocess, sys, faulthandler, ctypes\n"
    server = serve(f"{header}def init(): pass\ndef run(raw_data):{script}\n", **settings)
    answer = server.score({}, headers={"x-request-id": "mine"})
    return answer, lines_of(server, "mine")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("print('a')", ("stdout", "a")),
        ("print('a', end='')", ("stdout", "a")),
        ("print('a', file=sys.stderr)", ("stderr", "a")),
        ("print('a', file=sys.__stdout__)", ("stdout", "a")),
        ("sys.stdout.buffer.write(b'a\\n')", ("stdout", "a")),
        ("sys.stdout.buffer.write(b'\\xff\\n')", ("stdout", "\\xff")),
        ("sys.stdout.write('\\u00e4\\n')", ("stdout", "\u00e4")),
        ("sys.stdout.writelines(['a', '\\n'])", ("stdout", "a")),
        ("sys.stdout.reconfigure(line_buffering=True); print('a')", ("stdout", "a")),
        ("sys.stdout.reconfigure(encoding='utf-8', errors='replace'); print('a')", ("stdout", "a")),
        ("sys.stdout = io.TextIOWrapper(sys.stdout.buffer, 'utf-8'); print('a')", ("stdout", "a")),
        ("sys.stdout = io.TextIOWrapper(sys.stdout.detach()); print('a')", ("stdout", "a")),
        ("sys.stdout = open(sys.stdout.fileno(), 'w', 1, closefd=False); print('a')",
         ("stdout", "a")),
        ("os.write(sys.stderr.fileno(), b'a\\n')", ("stderr", "a")),
        ("subprocess.run(['echo', 'a'], stdout=sys.stdout)", ("stdout", "a")),
        ("subprocess.run(['sh', '-c', 'echo a >&2'])", ("stderr", "a")),
        ("ctypes.CDLL(None).puts(b'a'); ctypes.CDLL(None).fflush(None)", ("stdout", "a")),
        ("logging.getLogger('x').addHandler(logging.StreamHandler(sys.stdout))\n"
         "logging.getLogger('x').propagate = False\nlogging.getLogger('x').error('a')",
         ("stdout", "a")),
    ],
)  # fmt: skip
def test_what_is_printed_becomes_a_line_of_its_request(serve, body, line):
    answer, lines = score(serve, body + "\nreturn 'ok'")
    assert answer.json() == "ok", answer.text
    assert line in lines


@pytest.mark.parametrize(
    "body",
    [
        "faulthandler.enable()",
        "faulthandler.enable(sys.stdout)",
        "faulthandler.dump_traceback(); faulthandler.disable()",
        "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.errors, sys.stdout.name",
        "sys.stdout.flush(); os.fsync if sys.stdout.writable() else 1 / 0",
        "sys.stdout = None",
        "sys.stdout.close(); sys.stdout = sys.__stderr__",
    ],
)
def test_the_streams_are_complete(serve, body):
    answer, _ = score(serve, body + "\nreturn 'ok'")
    assert answer.json() == "ok", answer.text


def test_the_streams_are_complete_while_the_script_is_imported(serve):
    server = serve("""
        import faulthandler, io, subprocess, sys
        faulthandler.enable()
        subprocess.run(["echo", "imported"], stdout=sys.stdout)
        sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
        def init(): print("made")
        def run(raw_data): return "ok"
    """)
    assert server.score({}).json() == "ok"
    assert {"imported", "made"} <= {line["message"] for line in server.lines()}


def test_the_trace_of_a_crash_is_in_the_log_with_the_request_that_crashed(serve):
    answer, lines = score(serve, "ctypes.string_at(0)")
    assert answer.status_code == 500
    assert ("stderr", "Fatal Python error: Segmentation fault") in lines


@pytest.mark.parametrize("settings", [{"concurrency": 4}, {"concurrency": 4, "batch": "on"}])
def test_lines_of_calls_at_the_same_time_are_never_given_to_another_request(serve, settings):
    answer, lines = score(
        serve, "print('a', end='')\nsubprocess.run(['echo', 'b'])\nreturn 1", **settings
    )
    assert answer.json() == 1
    assert ("stdout", "a") in lines


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("logging.info('characters:', 3)", "'characters:' with the arguments (3,)"),
        ("logging.info('%d rows', 'many')", "'%d rows' with the arguments ('many',)"),
        ("logging.warning('%s and %s', 1)", "'%s and %s' with the arguments (1,)"),
        ("logging.info('%(a)s', {'b': 1})", "'%(a)s' with the arguments {'b': 1}"),
        ("logging.info('100%', 1)", "'100%' with the arguments (1,)"),
        ("logging.info(Rude())", "<Rude> with the arguments ()"),
        ("logging.info('%s', Rude())", "'%s' with the arguments <tuple>"),
    ],
)
def test_a_faulty_logging_call_becomes_a_line_that_says_so(serve, call, said):
    server = serve(f"""
        import logging
        class Rude:
            def __str__(self): raise ValueError("rude")
            __repr__ = __str__
        def init(): {call}
        def run(raw_data):
            {call}
            return "ok"
    """)
    assert server.score({}, headers={"x-request-id": "mine"}).json() == "ok"
    (message,) = [message for _, message in lines_of(server, "mine")]
    assert message.startswith("faulty logging call at score.py:8 (")
    assert message.endswith(said)


@pytest.mark.parametrize(
    "call",
    [
        "logging.error('a', exc_info=ValueError())",
        "logging.error('a', exc_info='yes')",
        "logging.error('a', extra={'request_ids': 5})",
        "logging.info({'a': object()})",
        "logging.getLogger('x').log(7, 'a')",
    ],
)
def test_an_unusual_logging_call_fails_nothing(serve, call):
    answer, _ = score(serve, f"{call}\nreturn 'ok'")
    assert answer.json() == "ok", answer.text


def test_what_run_raises_is_logged_even_if_the_script_disabled_all_loggers(serve):
    answer, lines = score(
        serve,
        "import logging.config as configuration\nconfiguration.dictConfig({'version': 1})\n"
        "raise ValueError('mine')",
    )
    assert answer.status_code == 500
    assert (None, "run() raised ValueError") in lines
