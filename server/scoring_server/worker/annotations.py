"""What `typing` says about `Annotated`, also on Python 3.8, which does not have it itself."""

import sys

if sys.version_info < (3, 9):
    from typing_extensions import Annotated, get_args, get_origin
else:
    from typing import Annotated, get_args, get_origin  # novm - vermin does not see the condition

__all__ = ["Annotated", "get_args", "get_origin"]
