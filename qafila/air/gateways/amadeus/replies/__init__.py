"""One file for each kind of reply: from the message's element to a frozen value. Every function takes the message or a
whole envelope, raises only `Unreadable` (a message of another kind), and keeps what it has no place for in notes.
"""
