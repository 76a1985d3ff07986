"""Makes the environment of a scoring script from a conda file, while an image is built.

conda's own library (py-rattler) reads the file's packages, solves and installs them. A file whose
packages all come from pip needs no channel; where no channel can be reached, conda packages are
taken from PyPI by the kept map in `equivalents.json`, never by equal spelling alone.
"""
