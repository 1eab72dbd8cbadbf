"""A supplier with nobody at the other end: a person types the locator and the ticket numbers."""
