"""masterplan: compile the files of a city's agencies into one masterplan."""

__version__ = "0.1.0"
