"""Customers and premises from a table of another system. docs of the columns: `columns.COLUMNS`."""

from huiyin.customers.importing.columns import COLUMNS, Column, guess_mapping
from huiyin.customers.importing.run import ImportResult, Refusal, import_customers

__all__ = ["COLUMNS", "Column", "ImportResult", "Refusal", "guess_mapping", "import_customers"]
