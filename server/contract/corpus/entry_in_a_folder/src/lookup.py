TABLE = {"a": "first", "b": "second"}
