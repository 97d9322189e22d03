"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

# Apps are loaded by now
from core.short_way import ShortWay  # noqa: E402
from feedback.draining import begin  # noqa: E402

application = ShortWay(pages)
# What the last process left on this machine's disk when it ended
begin()
