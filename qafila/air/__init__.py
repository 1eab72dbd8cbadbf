"""Retail air: offers, holds, issue. The supplier side is in `gateways/`."""
