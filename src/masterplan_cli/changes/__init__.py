"""What changed between two states of a plan, told of its model and never of its text."""

from masterplan_cli.changes.compare import Comparison, compare
from masterplan_cli.changes.model import State
from masterplan_cli.changes.states import NotRead, read_states

__all__ = ["Comparison", "NotRead", "State", "compare", "read_states"]
