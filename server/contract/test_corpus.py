"""Each script of the corpus is answered alike by both servers, but for documented differences."""

import re

import pytest
from answers import EVERYWHERE, same_body, settle, unlike_headers
from differences import DIFFERENCES, PAGE, with_table
from groups import GROUPS
from outcomes import BESIDE_REAL_PACKAGES, OURS, REFERENCE, servers_of
from scripts import NOT_WRITTEN, load_corpus

CORPUS = load_corpus()
SCRIPTS = [*GROUPS, *CORPUS]
# Their answers have all the differences that any answer may have.
SHOW_EVERYWHERE = ("all kinds of results and bodies", "mlops_request_headers")
STARTED = [script for script in SCRIPTS if script.requests]
EXCHANGES = [
    pytest.param(script, request, id=f"{script} - {request}")
    for script in STARTED
    for request in script.requests
]
BESIDE = [
    exchange for exchange in EXCHANGES if BESIDE_REAL_PACKAGES in servers_of(exchange.values[0])
]


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_the_script_starts_or_is_refused_by_both(outcomes, script):
    outcome = outcomes.of(script)
    for server in servers_of(script):
        refused = not script.starts and not (server == REFERENCE and script.difference)
        assert outcome.started[server] is not refused, outcome.logs[server]


@pytest.mark.parametrize(("script", "request_"), EXCHANGES)
def test_both_servers_answer_alike_but_for_documented_differences(outcomes, script, request_):
    outcome = outcomes.of(script)
    theirs, ours = (outcome.answer(server, request_.name) for server in (REFERENCE, OURS))
    if request_.answer is not NOT_WRITTEN:
        assert same_body(ours.body, request_.answer), ours
    if request_.difference is not None:
        assert (theirs.status, ours.status) in DIFFERENCES[request_.difference].pairs, (
            theirs,
            ours,
        )
        assert theirs.status != ours.status or not same_body(theirs.body, ours.body)
        return
    assert (theirs.status, ours.status) == (request_.status, request_.status), (theirs, ours)
    theirs, ours, _ = settle(theirs, ours)
    assert unlike_headers(theirs, ours) == {}
    assert same_body(theirs.body, ours.body), (theirs, ours)


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script.log], ids=str)
def test_the_logs_differ_as_documented(outcomes, script):
    logs = outcomes.of(script).logs
    for name, line in script.log.items():
        others = {REFERENCE, OURS} - {name}
        assert re.search(line, logs[name]), logs[name]
        assert not any(re.search(line, logs[other]) for other in others)


@pytest.mark.parametrize(("script", "request_"), BESIDE)
def test_ours_answers_the_same_beside_the_real_packages_of_azure_ml(outcomes, script, request_):
    outcome = outcomes.of(script)
    alone, beside = (outcome.answer(name, request_.name) for name in (OURS, BESIDE_REAL_PACKAGES))
    assert (alone.status, alone.headers) == (beside.status, beside.headers)
    assert same_body(alone.body, beside.body), (alone, beside)


@pytest.mark.parametrize("script", STARTED, ids=str)
def test_the_script_scores_on_at_least_one_of_the_servers(outcomes, script):
    answers = outcomes.of(script).answers
    assert any(answer.status < 400 for answer in answers.values()), answers


def scripts_with(name):
    """The scripts that a documented difference is written down for."""
    if name in EVERYWHERE:
        return [script for script in SCRIPTS if script.name.startswith(SHOW_EVERYWHERE)]
    requested = [s for s in SCRIPTS if any(one.difference == name for one in s.requests)]
    return [*requested, *(script for script in SCRIPTS if script.difference == name)]


@pytest.mark.parametrize(
    ("name", "scripts"),
    [pytest.param(name, scripts_with(name), id=one.case) for name, one in DIFFERENCES.items()],
)
def test_a_documented_difference_occurs(outcomes, name, scripts):
    assert scripts, f"no script shows the difference {name}"
    if name in EVERYWHERE:
        assert any(name in found(outcomes.of(script), script) for script in scripts)


def found(outcome, script):
    """The differences between the answers to a script that may occur everywhere."""
    if not outcome.started[REFERENCE] or not outcome.started[OURS]:
        return set()
    pairs = [
        [outcome.answer(server, request.name) for server in (REFERENCE, OURS)]
        for request in script.requests
    ]
    return {name for pair in pairs for name in settle(*pair)[2]}


def test_the_page_has_the_documented_differences():
    page = PAGE.read_text()
    assert with_table(page) == page, "run: sh server/contract/run --write-docs"
