"""Stand-ins for the classes of azureml-core that scripts import at the top and never use."""


class AbsentClass(type):
    """A class that can be named, but not used."""

    def __call__(cls, *_arguments, **_options):
        """Say that the package is missing instead of making an object."""
        raise missing(cls.__name__)

    def __getattr__(cls, name):
        """Say that the package is missing when one of its members is asked for."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"{cls.__name__}.{name}")


def absent(name):
    """The stand-in for one class."""
    return AbsentClass(name, (), {"__doc__": "A class of azureml-core, which is not installed."})


def missing(use):
    """The error of a script that uses what is not there."""
    return ImportError(
        f"{use} needs the package azureml-core, which this environment does not have: "
        "add azureml-core to the pip section of the conda file"
    )
