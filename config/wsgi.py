"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

# Apps are loaded by now
from django.db import connections  # noqa: E402

from config.guarded import Guarded  # noqa: E402
from core.short_way import ShortWay  # noqa: E402
from feedback.draining import begin  # noqa: E402
from psea.checks import refuse_unsafe_roles  # noqa: E402

refuse_unsafe_roles()
connections.close_all()  # the processes that follow open their own
application = Guarded(ShortWay(pages))
# What the last process left on this machine's disk when it ended
begin()
