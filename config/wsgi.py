"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# What the last process left on this machine's disk when it ended
from feedback.draining import begin  # noqa: E402  apps are loaded by now

begin()
