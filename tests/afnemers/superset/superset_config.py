"""Superset for one test: on loopback, its own data in sqlite beside this file. Everything else is as it comes."""

import secrets
from pathlib import Path

SECRET_KEY = secrets.token_hex(32)
SQLALCHEMY_DATABASE_URI = f"sqlite:///{Path(__file__).parent}/superset.db"
# the test logs in by the API, with a token
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
