"""A real Chromium on the running product. `make test` gives these tests a process of their own."""
