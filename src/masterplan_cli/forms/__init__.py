"""A plan's form: a workbook that an agency fills in, and what it changes in the plan's files."""
