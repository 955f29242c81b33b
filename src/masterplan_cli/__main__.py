"""`python -m masterplan_cli`, for computers whose PATH does not hold the command."""

import sys

# Python puts the folder at work before its own modules here, and that is a plan: its `json.py` would be run.
# `python -P -m` does so from the first moment on; a package of our name in the plan is beyond this line's reach.
if not sys.flags.safe_path:
    del sys.path[0]

from masterplan_cli.cli import main

if __name__ == "__main__":
    main()
