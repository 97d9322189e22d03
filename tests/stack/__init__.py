"""The whole product as real processes, for journey, canary and browser tests."""
