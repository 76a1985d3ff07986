import json
import os
import re
import string

with_model = {}


def tokenize(text):
    text = text.lower().translate(str.maketrans("", "", string.punctuation))
    return re.split(r"\s+", text.strip())


def init():
    path = os.path.join(os.getenv("AZUREML_MODEL_DIR"), "vocabulary.json")
    with open(path, encoding="utf-8") as file:
        with_model.update(json.load(file))


def run(request):
    body = json.loads(request)
    texts = body if isinstance(body, list) else body.get("inputs", [])
    answers = []
    for text in texts:
        score = sum(with_model.get(token, 0) for token in tokenize(text))
        label = "POSITIVE" if score > 0 else "NEGATIVE" if score < 0 else "NEUTRAL"
        answers.append({"label": label, "score": score})
    return answers
