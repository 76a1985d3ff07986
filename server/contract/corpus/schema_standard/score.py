from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema

sample = {"text": "a text", "options": {"limit": 3}}


def init():
    pass


@input_schema("query", StandardPythonParameterType(sample))
@output_schema(StandardPythonParameterType([{"word": "a", "count": 1}]))
def run(query):
    words = query["text"].split()
    limit = query.get("options", {}).get("limit", 2)
    return [{"word": word, "count": words.count(word)} for word in sorted(set(words))[:limit]]
