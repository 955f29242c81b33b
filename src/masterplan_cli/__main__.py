"""`python -m masterplan_cli`, for computers whose PATH does not hold the command."""

from masterplan_cli.cli import main

if __name__ == "__main__":
    main()
