"""The product and PostgreSQL's own limit, side by side: `make bench` prints one table (README.md)."""
