"""The supplier side: one contract (`protocol`), its values, and the adapters that keep it (README.md)."""
