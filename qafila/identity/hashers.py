"""Argon2id as OWASP advises for a busy server: 19 MiB, two passes, one lane.

Django's own 100 MiB for each log-in lets thirty people who sign in at nine o'clock use 3 GB of memory.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
