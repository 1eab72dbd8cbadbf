"""The bodies of the replies, each after a recorded reply of the same message."""
