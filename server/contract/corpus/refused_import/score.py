import a_package_that_nobody_installed


def init():
    pass


def run(raw_data):
    return raw_data
