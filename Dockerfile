# `web` is the image of web, worker and beat; `backup` has PostgreSQL's programs too. No secret is copied or set here: all of them come at run time, from ENV_FILE.

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/jaabi
# sentry: the same, and what tells errors to a Sentry
ARG REQUIREMENTS=base
COPY requirements/ requirements/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r requirements/${REQUIREMENTS}.txt
COPY . .
# The root is read-only later: modules are compiled, and static files collected, now.
RUN STATIC_ROOT=/opt/static VAR_DIR=/tmp/var /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q config core directory psea feedback referrals workplan manage.py

FROM python:3.12-slim-bookworm AS base
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/jaabi --shell /usr/sbin/nologin jaabi \
    && install -d -o jaabi -g jaabi -m 0750 /var/lib/jaabi /etc/jaabi
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/static /opt/static
COPY --from=build /opt/jaabi /opt/jaabi
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENV_FILE=/etc/jaabi/jaabi.env \
    VAR_DIR=/var/lib/jaabi \
    STATIC_ROOT=/opt/static
WORKDIR /opt/jaabi
USER 10001:10001

# Of the version of `db` in compose.yml: an older pg_basebackup refuses a newer server, and the exercise starts one.
FROM base AS backup
USER 0:0
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql-common procps \
    && sed -i "s/^#* *create_main_cluster.*/create_main_cluster = false/" /etc/postgresql-common/createcluster.conf \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-16 \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001
CMD ["python", "manage.py", "backup_wal"]

FROM base AS web
ENV GRANIAN_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--port", "8000", "--workers", "2", "--blocking-threads", "16", "--respawn-failed-workers", "config.wsgi:application"]
