"""Scripts find models, modules and a writable folder where Azure ML has them."""

import hashlib
import json

import pytest

from server import add_model, add_package

PATHS = """
    import json
    from azureml.core.model import Model
    def init(): pass
    def run(raw_data):
        asked = json.loads(raw_data)
        return Model.get_model_path(asked.pop("name"), **asked)
"""


def exceptions(server):
    """What `run` raised, oldest first."""
    return [line["exception"] for line in server.lines() if "exception" in line]


@pytest.mark.parametrize("options", [{}, {"version": 1}, {"_workspace": None}])
def test_get_model_path_gives_the_only_entry_of_the_version(make, options):
    server = make(PATHS)
    add_model(server, "best_model/1/model.pkl")
    add_model(server, "other/1/model/weights.json")
    server.start()
    models = server.folder / "app" / "azureml-models"
    found = server.score({"name": "best_model", **options}).json()
    assert found == str(models / "best_model/1/model.pkl")
    assert server.score({"name": "other", **options}).json() == str(models / "other/1/model")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"name": "worst"}, "the models of this service are: best_model, other"),
        ({"name": "best_model", "version": 2}, "has no version 2"),
        ({"name": "other"}, "must hold exactly one file or folder, but holds: a, b"),
        ({"name": "best_model", "version": "1"}, "version should be an int"),
    ],
)
def test_a_model_that_get_model_path_cannot_find_is_explained(make, asked, message):
    server = make(PATHS)
    for path in ("best_model/1/model.pkl", "other/1/a", "other/1/b"):
        add_model(server, path)
    server.start()
    assert server.score(asked).status_code == 500
    assert message in exceptions(server)[-1]


def test_models_are_found_by_paths_relative_to_the_working_folder(make):
    server = make("""
        import os
        def init(): pass
        def run(raw_data):
            with open(os.path.join("azureml-models", "best_model", "1", "model.pkl"), "rb") as file:
                return [file.read().decode(), os.listdir("azureml-models")]
    """)
    add_model(server, "best_model/1/model.pkl")
    server.start()
    assert server.score({}).json() == ["model", ["best_model"]]


def test_names_of_azureml_core_can_be_imported_but_not_used(serve):
    server = serve("""
        import azureml.core
        from azureml.core import Dataset, Experiment, Model, Run, Workspace
        from azureml.core.authentication import ServicePrincipalAuthentication
        from azureml.core.webservice import AksWebservice
        from azureml.core.workspace import Workspace as Same
        def init(): print("version", azureml.core.VERSION)
        def run(raw_data):
            return eval(raw_data, globals())
    """)
    assert server.score(b"Same is Workspace", headers={"content-type": "text/plain"}).json() is True
    for use in (b"Workspace.from_config()", b"Workspace()", b"Model.list()", b"Model(None, 'm')"):
        assert server.score(use, headers={"content-type": "text/plain"}).status_code == 500
        assert "add azureml-core to the pip section" in exceptions(server)[-1]


REAL = {
    # As azureml-ai-monitoring: closed to other folders.
    "closed": {"azureml/__init__.py": "", "azureml/ai/__init__.py": ""},
    # As azureml-core: open to every folder on the path.
    "open": {"azureml/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, 'a')"},
    # A namespace package.
    "namespace": {},
}


@pytest.mark.parametrize("kind", REAL)
def test_stand_ins_are_found_beside_a_real_package_of_azure_ml(make, kind):
    server = make("""
        import azureml.own
        from azureml.ai.monitoring import Collector
        from azureml.contrib.services import rawhttp as short
        from azureml.contrib.services.aml_request import AMLRequest, rawhttp
        from azureml.contrib.services.aml_response import AMLResponse
        from azureml.core.model import Model
        from azureml.monitoring import ModelDataCollector
        from azureml_inference_server_http.api.aml_response import AMLResponse as Newer
        def init():
            Collector(name="model_inputs").collect([1])
            ModelDataCollector("best_model", designation="inputs").collect([1])
        @rawhttp
        def run(request): return AMLResponse({"n": len(request.get_data())}, 200, json_str=True)
    """)
    add_package(server, REAL[kind] | {"azureml/own/__init__.py": ""})
    server.start()
    assert server.score(b"abc").json() == {"n": 3}
    messages = [line["message"] for line in server.lines()]
    assert "data for model_inputs is not collected, but dropped" in messages


def test_real_packages_win_over_stand_ins_and_are_never_mixed_with_them(make):
    server = make("""
        from azureml.core.model import Model
        def init():
            try:
                import azureml.core.run
            except ModuleNotFoundError:
                print("not mixed")
        def run(raw_data): return Model
    """)
    add_package(
        server,
        {"azureml/__init__.py": "", "azureml/core/__init__.py": "",
         "azureml/core/model.py": "Model = 'real'"},
    )  # fmt: skip
    server.start()
    assert server.score({}).json() == "real"
    assert "not mixed" in server.log()


COLLECTS = """
    from azureml.ai.monitoring import Collector
    from azureml.ai.monitoring.context import BasicCorrelationContext
    def init():
        global collector
        collector = Collector(name="model_inputs")
    def run(raw_data):
        context = collector.collect([1])
        return context if isinstance(context, str) else isinstance(context, BasicCorrelationContext)
"""
# As the real one where no endpoint collects data.
REAL_COLLECTOR = {
    "azureml/__init__.py": "",
    "azureml/ai/__init__.py": "",
    "azureml/ai/monitoring/__init__.py": """
import os
class Collector:
    def __init__(self, name):
        if "AZUREML_MDC_ENABLED" not in os.environ: raise Exception("not enabled")
    def collect(self, data): return "collected"
""",
    "azureml/ai/monitoring/context.py": "class BasicCorrelationContext: pass",
}


def test_collectors_drop_their_data_although_their_package_is_installed(make):
    server = make(COLLECTS)
    add_package(server, REAL_COLLECTOR)
    server.start()
    assert server.score({}).json() is True
    assert "data for model_inputs is not collected, but dropped" in server.log()


def test_real_collectors_are_used_where_their_collection_is_switched_on(make):
    server = make(COLLECTS, AZUREML_MDC_ENABLED="true")
    add_package(server, REAL_COLLECTOR)
    server.start()
    assert server.score({}).json() == "collected"


@pytest.mark.parametrize(
    ("response", "status", "failed", "text"),
    [
        ("AMLResponse('no model', 500, run_function_failed=True)", 500, "True", "no model"),
        ("AMLResponse('no model', 500, {}, False, True)", 500, "True", "no model"),
        ("AMLResponse('no', 404)", 404, "False", "no"),
        ("AMLResponse(None, 200)", 200, "False", "{}"),
        ("AMLResponse([1], 200, json_str=True, response_headers={'n': 1})", 200, "False", "[1]"),
    ],
)
def test_amlresponse_takes_what_it_always_took(serve, response, status, failed, text):
    server = serve(f"""
        from azureml.contrib.services.aml_request import rawhttp
        from azureml.contrib.services.aml_response import AMLResponse
        def init(): pass
        @rawhttp
        def run(request): return {response}
    """)
    answer = server.score({})
    assert (answer.status_code, answer.text) == (status, text)
    assert answer.headers["x-ms-run-function-failed"] == failed
    written = "application/json" if text[0] in "[{" else "text/html; charset=utf-8"
    assert answer.headers["content-type"] == written


def test_files_of_a_folder_registered_as_a_model_are_checked_by_their_paths(make):
    server = make("def init(): pass\ndef run(raw_data): return 'ok'", digests="required")
    file = add_model(server, "best_model/1/model/deep/weights.json", b"[1]")
    digest = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    manifest = server.folder / "model-digests.json"
    manifest.write_text(json.dumps({"best_model/1/model/deep/weights.json": digest}))
    server.start()
    assert server.score({}).json() == "ok"


def test_files_behind_a_link_in_a_model_are_checked_too(make, tmp_path):
    server = make("def init(): pass\ndef run(raw_data): return 'ok'", digests="required")
    model = add_model(server, "best_model/1/model.pkl").parent
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "more.pkl").touch()
    (model / "linked").symlink_to(tmp_path / "elsewhere")
    digest = f"sha256:{hashlib.sha256(b'model').hexdigest()}"
    manifest = server.folder / "model-digests.json"
    manifest.write_text(json.dumps({"best_model/1/model.pkl": digest}))
    server.start(wait=False)
    assert server.process.wait(20) == 66
    assert "best_model/1/linked/more.pkl was not registered" in server.log()
