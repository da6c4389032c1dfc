# syntax=docker/dockerfile:1
# One image; web, worker and migrate are its commands (see compose.yaml).

FROM python:3.11-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1


# Packages of the whole lock, static libraries, and the part of the lock that a running service needs.
FROM base AS tools
WORKDIR /build
RUN python -m venv /tools
COPY requirements.lock ./
RUN /tools/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml package.json package-lock.json .npmrc ./
COPY app/__init__.py app/__init__.py
COPY app/cli/__init__.py app/cli/__init__.py
COPY app/cli/setup app/cli/setup
COPY core/__init__.py core/errors.py core/
RUN /tools/bin/python -m app.cli.setup.static_files \
 && /tools/bin/python -m app.cli.setup.runtime > runtime.lock


# What runs, without our tools.
FROM base AS packages
COPY --from=tools /build/runtime.lock /tmp/runtime.lock
RUN python -m venv /opt/rootan \
 && /opt/rootan/bin/pip install --require-hashes --requirement /tmp/runtime.lock


FROM base AS service
# Versions follow the base image's distribution, which a digest of the image pins.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-tha \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 rootan \
 && useradd --system --uid 10001 --gid rootan --home-dir /var/lib/rootan --create-home rootan
WORKDIR /srv/rootan
COPY --from=packages /opt/rootan /opt/rootan
COPY app app
COPY bots bots
COPY campaigns campaigns
COPY core core
COPY nlp nlp
COPY referrals referrals
COPY screening screening
COPY simulator simulator
COPY LICENSE pyproject.toml ./
COPY --from=tools /build/app/static/vendor app/static/vendor
# The file system is read-only at run time, so the bytecode is made now.
RUN /opt/rootan/bin/python -m compileall -q .
ENV PATH=/opt/rootan/bin:$PATH \
    PYTHONPATH=/srv/rootan \
    ROOTAN_ENV=production \
    ROOTAN_DATA_DIR=/var/lib/rootan \
    PROMETHEUS_MULTIPROC_DIR=/tmp/rootan-metrics
USER rootan
VOLUME /var/lib/rootan
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of the web process; the worker's is in compose.yaml.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
