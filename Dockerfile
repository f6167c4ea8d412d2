# One image, for one process. The root file system may be read-only: all that is written goes to /app/data.
# Answers and settings can be mounted over /app/knowledge and /app/config.yaml.
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.txt pyproject.toml README.md ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY bot ./bot
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home bot && mkdir -p /app/data && chown bot /app/data
WORKDIR /app
COPY --from=build /venv /venv
COPY knowledge ./knowledge
USER bot
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/app/data/cache \
    HSCTBOT_LOG__FORMAT=json HSCTBOT_HEALTH__PORT=8080
VOLUME /app/data
# It asks the port that is set, and no proxy of the environment (Docker hands its own on).
# It is answered from before the answers are loaded; the start period is for bringing a large database up to date.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import http.client as h, os; c = h.HTTPConnection('127.0.0.1', int(os.environ['HSCTBOT_HEALTH__PORT']), timeout=4); c.request('GET', '/healthz'); exit(c.getresponse().status != 200)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["hsct-bot"]
CMD ["run"]
