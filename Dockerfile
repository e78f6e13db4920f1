# One image: the web server, the worker, the clock and, with `--target simulator`, the simulated AWS.
FROM python:3.13-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH="/app/.venv/bin:$PATH"
WORKDIR /app
COPY requirements/uv.lock requirements/
RUN python -m venv .venv \
 && python -m pip install --no-cache-dir --require-hashes -r requirements/uv.lock
COPY requirements/portal.lock requirements/
RUN VIRTUAL_ENV=/app/.venv uv pip install --no-cache --require-hashes -r requirements/portal.lock \
 && python -m compileall -q .venv
RUN useradd --system --uid 10001 --no-create-home portal

FROM base AS simulator
COPY requirements/demo.lock requirements/
RUN VIRTUAL_ENV=/app/.venv uv pip install --no-cache --require-hashes -r requirements/demo.lock
COPY . .
RUN install -d -o portal /var/lib/simulator
USER portal
EXPOSE 4566
CMD ["python", "-m", "portal.demo.simulator", "--port", "4566", "--state", "/var/lib/simulator"]

FROM base AS portal
COPY . .
# Collecting static files reads the settings but none of these values.
RUN SECRET_KEY=build SEALING_KEYS=build SITE_URL=https://build REDIS_URL=redis://build \
    DATABASE_URL=sqlite://:memory: python manage.py collectstatic --noinput --verbosity 0
USER portal
EXPOSE 8000
# By the name people use: the portal answers to no other.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", "\
import os, urllib.parse, urllib.request as web; \
host = {'Host': urllib.parse.urlsplit(os.environ['SITE_URL']).netloc}; \
web.urlopen(web.Request('http://127.0.0.1:8000/health/live', headers=host), timeout=2)"]
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--timeout", "30", "--no-control-socket", \
     "--worker-tmp-dir", "/dev/shm"]
