"""What is wrong with a conda file."""


class EnvironmentFault(Exception):
    """The image cannot have what the file asks for; the message is one line.

    Messages are those of the preview (`components/scoringImage/environment/`), which finds the
    same faults before anything is built.
    """
