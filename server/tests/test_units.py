"""Parts of the server by themselves."""

import hashlib
import json
from pathlib import Path

import pytest

from scoring_server.digests import UntrustedModel, check_digests
from scoring_server.limits import cpu_limit, thread_variables
from scoring_server.messages import Frames, frame
from scoring_server.settings import (
    InvalidSettings,
    Settings,
    load_settings,
)
from settings_documents import PAGE, SCHEMA, settings_page, settings_schema

ROOT = Path(__file__).parents[2]


def test_registered_files_pass_and_any_other_is_refused(tmp_path):
    models, manifest = tmp_path / "models", tmp_path / "model-digests.json"
    model = models / "m" / "1" / "model.pkl"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"model")
    with pytest.raises(UntrustedModel, match="no manifest"):
        check_digests(models, manifest)
    digest = f"sha256:{hashlib.sha256(b'model').hexdigest()}"
    manifest.write_text(json.dumps({"m/1/model.pkl": digest}))
    assert check_digests(models, manifest) == 1
    model.write_bytes(b"Model")
    with pytest.raises(UntrustedModel, match=r"m/1/model\.pkl has the digest sha256:"):
        check_digests(models, manifest)
    model.write_bytes(b"model")
    (models / "m" / "1" / "extra.pkl").touch()
    with pytest.raises(UntrustedModel, match=r"extra\.pkl was not registered"):
        check_digests(models, manifest)
    (models / "m" / "1" / "extra.pkl").unlink()
    model.unlink()
    with pytest.raises(UntrustedModel, match="missing"):
        check_digests(models, manifest)


def test_a_model_that_was_not_registered_is_never_loaded(make):
    server = make("def init(): open('loaded', 'w')\ndef run(raw_data): pass", digests="required")
    (server.folder / "app" / "azureml-models").mkdir()
    (server.folder / "app" / "azureml-models" / "model.pkl").touch()
    server.start(wait=False)
    assert server.process.wait(20) == 66
    assert not (server.folder / "app" / "loaded").exists()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SCORING_PROT": "1"}, "unknown setting SCORING_PROT; did you mean SCORING_PORT?"),
        ({"SCORING_X": "1"}, "unknown setting SCORING_X"),
        (
            {"SCORING_PORT": "http"},
            "SCORING_PORT has the invalid value 'http': "
            "it must be an integer, at least 1 and at most 65535",
        ),
        (
            {"SCORING_PORT": "70000"},
            "SCORING_PORT has the invalid value '70000': "
            "it must be an integer, at least 1 and at most 65535",
        ),
        (
            {"SCORING_WORKERS": "0"},
            "SCORING_WORKERS has the invalid value '0': it must be an integer, at least 1",
        ),
        (
            {"SCORING_AUTH": "open"},
            "SCORING_AUTH has the invalid value 'open': it must be one of keys, none",
        ),
        (
            {"SCORING_ACCESS_LOG": "on"},
            "SCORING_ACCESS_LOG has the invalid value 'on': it must be true or false",
        ),
    ],
)
def test_a_bad_setting_is_named(variables, message):
    with pytest.raises(InvalidSettings) as fault:
        load_settings(variables)
    assert str(fault.value) == message


def test_other_variables_are_not_settings():
    assert load_settings({"PATH": "/bin", "AZUREML_MODEL_DIR": "/m"}) == Settings()


def test_the_documented_table_of_settings_is_the_one_of_the_code():
    assert settings_page(PAGE.read_text()) == PAGE.read_text()


def test_the_schema_of_the_settings_is_the_one_of_the_code():
    assert SCHEMA.read_text() == settings_schema()


def test_the_schema_tells_type_limits_default_and_owner_without_references():
    schema = json.loads(settings_schema())
    assert "$ref" not in settings_schema()
    assert schema["additionalProperties"] is False
    assert schema["properties"]["SCORING_PORT"] == {
        "type": "integer",
        "description": "Port of the scoring routes.",
        "x-owner": "program",
        "minimum": 1,
        "maximum": 65535,
        "default": 5001,
    }
    assert schema["properties"]["SCORING_BATCH"]["enum"] == ["off", "on"]
    owned = {name for name, rule in schema["properties"].items() if "x-owner" in rule}
    ports = {"SCORING_HOST", "SCORING_PORT", "SCORING_HEALTH_PORT"}
    assert owned == ports | {"SCORING_KEYS_DIR", "SCORING_SAMPLE_DIR"}
    assert all(
        {"type", "description", "default"} <= rule.keys() for rule in schema["properties"].values()
    )


def test_the_schema_tells_where_the_image_has_the_models():
    layout = json.loads(settings_schema())["x-layout"]
    dockerfile = (SCHEMA.parent / "Dockerfile").read_text()
    digests = layout["digests"]
    assert f"COPY --from=models /{digests} /opt/scoring/{digests}\n" in dockerfile
    assert f"AZUREML_MODEL_DIR={layout['modelRoot']} " in dockerfile
    assert f"COPY --from=models /models {layout['modelRoot']}\n" in dockerfile


def test_the_schema_derives_the_longest_time_to_end_as_the_server_does():
    schema = json.loads(settings_schema())
    shutdown, properties = schema["x-shutdown"], schema["properties"]
    total = sum(properties[term]["default"] for term in shutdown["terms"]) + shutdown["marginMs"]
    assert total == Settings().shutdown_ms


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({"cpu.max": "50000 100000"}, 0.5),
        ({"cpu.max": "max 100000"}, None),
        ({"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "100000"}, 1.0),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None),
        ({}, None),
    ],
)
def test_the_cpu_limit_is_read_from_both_kinds_of_cgroup(tmp_path, files, limit):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    all_of_them = cpu_limit(tmp_path / "none")
    assert cpu_limit(tmp_path) == (limit or all_of_them)


def test_threads_of_numeric_libraries_follow_the_limit(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    variables = thread_variables(threads=0, workers=2, limit=4.5)
    assert (variables["OMP_NUM_THREADS"], variables["MKL_NUM_THREADS"]) == ("2", "7")


def test_messages_survive_any_cut_of_the_stream():
    stream = b"".join(frame([i] * i) for i in range(20))
    for size in (1, 3, 7, len(stream)):
        frames = Frames(list[int])
        cut = [stream[i : i + size] for i in range(0, len(stream), size)]
        assert [m for part in cut for m in frames.feed(part)] == [[i] * i for i in range(20)]
