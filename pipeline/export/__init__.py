"""Records as tables: CSV, SQLite, Parquet and JSON lines; and as lines to learn from.

What the tables hold stands in `tables`, one class a table, a description a column. Every row has
an id that outlives a new run. Knows records, files and what reviewers made of the records; knows
no model's replies.
"""

from pipeline.export.select import Chosen, Filters, choose
from pipeline.export.write import Format, export

__all__ = ["Chosen", "Filters", "Format", "choose", "export"]
