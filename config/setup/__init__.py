"""`manage.py setup`: an empty machine becomes an installation, in two steps.

`prepare` runs before any setting is read: it asks, makes keys, writes the environment file, and makes roles and
databases. `filling` and what follows run with those settings.
"""
