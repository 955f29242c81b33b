"""masterplan: compile the files of a city's agencies into one masterplan."""
