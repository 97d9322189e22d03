"""The settings of a later version that does not exist: one more migration of the cases, beside those there are."""

from config.settings import *  # noqa: F403

MIGRATION_MODULES = {"feedback": "bench.later.migrations"}
