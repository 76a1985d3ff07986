class Vectorizer:
    def __init__(self, words):
        self.words = words

    def count(self, text):
        return [text.split().count(word) for word in self.words]
