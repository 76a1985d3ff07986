from .numbers import double


def clean(value):
    return value.strip().lower() * double(1)
